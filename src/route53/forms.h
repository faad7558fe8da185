/*
 * route53/forms.h - the forms that texts of the API must have beyond their length: the patterns of
 * the API model.  Any thread.
 */
#ifndef ROUTE53_FORMS_H
#define ROUTE53_FORMS_H

#include <stdbool.h>

bool fits_ip_address(const char *text);      /* an IPv4 dotted quad or an IPv6 text form */
bool fits_latitude(const char *text);        /* [-+]?[0-9]{1,2}(\.[0-9]{0,2})? */
bool fits_longitude(const char *text);       /* [-+]?[0-9]{1,3}(\.[0-9]{0,2})? */
bool fits_uuid(const char *text);            /* 8-4-4-4-12 lower-case hex digits */
bool fits_name(const char *text);            /* [0-9A-Za-z_-]+ */
bool fits_name_or_default(const char *text); /* [0-9A-Za-z_*-]+ */
bool fits_ascii(const char *text);           /* ASCII only, not empty */
bool fits_text(const char *text);            /* something besides blanks */

/* [a-z]{2}(-[a-z]+)+-[0-9], as every Region but eusc-de-east-1 has it, and that one. */
bool fits_region(const char *text);

#endif
