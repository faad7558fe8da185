/* The document that describes this interface.  It is a file of its own, openapi.json, and part of
 * the program. */
#include "call.h"

extern const unsigned char openapi_document[];
extern const size_t openapi_document_size;

int api_openapi_end(struct api_call *call)
{
    http_buffer_add(&call->exchange->response.body, openapi_document, openapi_document_size);
    return api_call_answer(call, "application/json");
}
