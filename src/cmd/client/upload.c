/*
 * A file on its way to the server, with a line that says how far it is.
 */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What comes through a pipe is first put aside whole: its writer may be slower than the server has
 * patience, and its size is needed for the progress bar. */
static FILE *spool(FILE *from)
{
    char piece[65536];
    size_t size;
    FILE *file = tmpfile();
    while (file != NULL && (size = fread(piece, 1, sizeof(piece), from)) > 0)
        if (fwrite(piece, 1, size, file) != size)
            break;
    if (file == NULL || ferror(from) || ferror(file) || fflush(file) != 0) {
        complain("cannot keep standard input in a temporary file: %s", strerror(errno));
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    rewind(file);
    return file;
}

/* A file whose size is known, or NULL: the user has been told. */
static FILE *open_file(const char *path, int64_t *out_size)
{
    struct stat status = { 0 };
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        complain("cannot read %s: %s", path, strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        complain("%s is a directory; give the file itself", path);
    } else if (S_ISREG(status.st_mode)) {
        *out_size = status.st_size - ftello(file);
        return file;
    } else {
        FILE *whole = spool(file);
        if (file != stdin)
            fclose(file);
        if (whole != NULL && fstat(fileno(whole), &status) == 0)
            *out_size = status.st_size;
        return whole;
    }
    if (file != NULL && file != stdin)
        fclose(file);
    return NULL;
}

const char *client_file_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

int client_upload(const struct invocation *invocation, char *url, const char *path,
                  const char *title, json_t **out_reply)
{
    struct progress progress;
    int64_t size = 0;
    FILE *file = open_file(path, &size);
    *out_reply = NULL;
    if (file == NULL) {
        free(url);
        return EXIT_REFUSED;
    }
    progress_init(&progress, stderr, title, size);
    struct request request = {
        .method = "POST", .path = url, .upload = file, .upload_size = size, .progress = &progress
    };
    int rc = client_ask_or_print(invocation, &request, out_reply);
    free(url);
    if (file != stdin)
        fclose(file);
    return rc;
}
