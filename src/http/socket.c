#include "signpost/http/listener.h"

#include "signpost/base/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int fill_address(const char *path, struct sockaddr_un *out_address,
                        struct problem *out_problem)
{
    *out_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (path[0] == '\0' || strlen(path) >= sizeof(out_address->sun_path))
        return problem_set(out_problem, SP_EINVAL,
                           "control-socket: \"%s\" must be a path of 1 to %zu octets", path,
                           sizeof(out_address->sun_path) - 1);
    memcpy(out_address->sun_path, path, strlen(path) + 1);
    return 0;
}

int http_socket_probe(const char *path, struct problem *out_problem)
{
    struct sockaddr_un address;
    struct stat status;
    int rc = fill_address(path, &address, out_problem);
    if (rc != 0 || lstat(path, &status) != 0)
        return rc; /* what makes lstat fail will make bind fail, and bind says it better */
    if (!S_ISSOCK(status.st_mode))
        return problem_set(out_problem, SP_EINVAL,
                           "control-socket: %s is there and is no socket; remove it, or choose "
                           "another path",
                           path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return problem_set(out_problem, SP_EIO, "cannot make a socket: %s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        rc = problem_set(out_problem, SP_EBUSY,
                         "another signpostd runs already: it answers on %s; stop it first, or give "
                         "this one its own control-socket, database and listen",
                         path);
    close(fd);
    return rc;
}

/* The mask makes the file 0660 from its first moment on; a chmod would leave a gap. */
static int bind_private(int fd, const struct sockaddr_un *address)
{
    mode_t mask = umask(0117);
    int rc = bind(fd, (const struct sockaddr *)address, sizeof(*address));
    int cause = errno;
    umask(mask);
    errno = cause;
    return rc;
}

int http_socket_unix(const char *path, int *out_socket, struct problem *out_problem)
{
    struct sockaddr_un address;
    int rc = http_socket_probe(path, out_problem);
    if (rc != 0)
        return rc;
    fill_address(path, &address, NULL);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return problem_set(out_problem, SP_EIO, "cannot make a socket: %s", strerror(errno));
    if (unlink(path) != 0 && errno != ENOENT)
        rc = problem_set(out_problem, SP_EIO, "control-socket: cannot replace %s: %s", path,
                         strerror(errno));
    else if (bind_private(fd, &address) != 0 || listen(fd, SOMAXCONN) != 0)
        rc = problem_set(out_problem, SP_EIO, "control-socket: cannot listen on %s: %s%s", path,
                         strerror(errno),
                         errno == ENOENT ? "; make its directory, or set control-socket" : "");
    if (rc == 0)
        *out_socket = fd;
    else
        close(fd);
    return rc;
}

int http_socket_tcp(const struct sockaddr_storage *address, int *out_socket,
                    struct problem *out_problem)
{
    char text[ADDRESS_TEXT_SIZE];
    int yes = 1;
    address_to_text(text, address);
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return problem_set(out_problem, SP_EIO, "cannot make a socket for %s: %s", text,
                           strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (const struct sockaddr *)address, address_size(address)) != 0 ||
        listen(fd, SOMAXCONN) != 0) {
        int rc = problem_set(out_problem, SP_EIO, "api-listen: cannot listen on %s: %s", text,
                             strerror(errno));
        close(fd);
        return rc;
    }
    *out_socket = fd;
    return 0;
}

uint16_t http_socket_port(int socket)
{
    struct sockaddr_storage address = { 0 };
    socklen_t size = sizeof(address);
    getsockname(socket, (struct sockaddr *)&address, &size);
    return address_port(&address);
}
