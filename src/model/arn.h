/*
 * model/arn.h - the Amazon resource names that the API is given for what lies in other services.
 */
#ifndef MODEL_ARN_H
#define MODEL_ARN_H

/* What stands behind "arn:aws:SERVICE:us-east-1:111122223333:", the Region and the twelve digits of
 * an account.  NULL: the ARN is of another form. */
const char *arn_resource(const char *arn, const char *service);

#endif
