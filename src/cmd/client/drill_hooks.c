/*
 * Shell hooks: commands that break something, and others that restore it.
 *
 * They must be undone whatever becomes of us.  Signals are seen to by the loop; for the rest there
 * is the guardian, a process of its own that is started before the first hook.  It waits at a pipe
 * that nobody else reads, and keeps book of what we write there.  When the pipe closes without a
 * farewell we are dead: it ends the command that was under way and runs the restore commands that
 * have not been run, the last hook first.
 */
#include "drill.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- a command ---- */

/* What we, or the guardian, do not die of; commands do. */
static void set_signals(void (*disposition)(int))
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        signal(signals[i], disposition);
}

/* In the child: the shell, as if somebody had typed the command. */
_Noreturn static void become(const char *command, int output)
{
    sigset_t none;
    int null = open("/dev/null", O_RDONLY);
    set_signals(SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(null, STDIN_FILENO);
    if (output >= 0) {
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
    }
    close_range(3, ~0u, 0);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static int status_of(int wait_status)
{
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

/* ---- the guardian ---- */

enum note_kind { NOTE_STARTS, NOTE_STARTED, NOTE_RESTORED, NOTE_FAREWELL };

struct note {
    uint8_t kind, hook;
    pid_t group; /* of the command that starts */
};

/* Shorter than PIPE_BUF, so that it goes in one piece. */
static void tell(const struct drill_hooks *hooks, enum note_kind kind, unsigned hook, pid_t group)
{
    struct note note = { (uint8_t)kind, (uint8_t)hook, group };
    if (hooks->guardian >= 0 && write(hooks->guardian, &note, sizeof(note)) < 0)
        complain("the guardian of the hooks is gone: %s", strerror(errno));
}

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 50 * 1000 * 1000 }, NULL);
}

/* The commands are nobody's children any more, so all that can be done is look whether they are
 * there. */
static void end_group(pid_t group)
{
    if (group <= 0 || kill(-group, SIGTERM) != 0)
        return;
    for (int i = 0; i < DRILL_TERM_MS / 50 && kill(-group, 0) == 0; i++)
        nap();
    kill(-group, SIGKILL);
}

static void run_restore(const struct drill_hook *hook)
{
    int wait_status = 0;
    fprintf(stderr, "signpost: the drill was killed; restoring with: %s\n", hook->restore);
    pid_t pid = fork();
    if (pid == 0)
        become(hook->restore, -1);
    if (pid < 0 || waitpid(pid, &wait_status, 0) < 0 || status_of(wait_status) != 0)
        fprintf(stderr, "signpost: that failed; restore it by hand: %s\n", hook->restore);
}

_Noreturn static void guard(struct drill_hooks *hooks, int pipe_end)
{
    struct note note;
    setsid();
    set_signals(SIG_IGN);
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    pipe_end = dup2(pipe_end, 3);
    close_range(4, ~0u, 0);
    while (read(pipe_end, &note, sizeof(note)) == (ssize_t)sizeof(note)) {
        if (note.kind == NOTE_FAREWELL)
            _exit(0);
        struct drill_hook *hook = &hooks->hook[note.hook];
        hook->pid = note.kind == NOTE_STARTS ? note.group : 0;
        hook->stage = note.kind == NOTE_RESTORED ? HOOK_RESTORED : HOOK_STARTED;
    }
    for (unsigned i = hooks->count; i-- > 0;)
        if (hooks->hook[i].stage == HOOK_STARTED) {
            end_group(hooks->hook[i].pid);
            run_restore(&hooks->hook[i]);
        }
    _exit(0);
}

bool hooks_guard(struct drill_hooks *hooks)
{
    int ends[2];
    if (hooks->count == 0)
        return true;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        complain("cannot make a pipe: %s", strerror(errno));
        return false;
    }
    hooks->guardian_pid = fork();
    if (hooks->guardian_pid == 0) {
        close(ends[1]);
        guard(hooks, ends[0]);
    }
    close(ends[0]);
    hooks->guardian = ends[1];
    if (hooks->guardian_pid > 0)
        return true;
    complain("cannot start the guardian of the hooks: %s", strerror(errno));
    return false;
}

void hooks_finish(struct drill_hooks *hooks)
{
    if (hooks->guardian < 0)
        return;
    tell(hooks, NOTE_FAREWELL, 0, 0);
    close(hooks->guardian);
    hooks->guardian = -1;
    while (waitpid(hooks->guardian_pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* ---- one hook ---- */

void hooks_init(struct drill_hooks *hooks, const json_t *definition)
{
    const json_t *steps = json_object_get(definition, "break"), *step;
    size_t index;
    memset(hooks, 0, sizeof(*hooks));
    hooks->guardian = -1;
    json_array_foreach(steps, index, step)
    {
        const json_t *hook = json_object_get(step, "hook");
        if (hook != NULL && hooks->count < DRILL_STEPS_MAX)
            hooks->hook[hooks->count++] = (struct drill_hook){ .start = text_of(hook, "start"),
                                                               .restore = text_of(hook, "restore"),
                                                               .output = -1 };
    }
}

static int open_output(void)
{
    FILE *file = tmpfile();
    int fd = file != NULL ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 3) : -1;
    if (file != NULL)
        fclose(file);
    return fd;
}

/* The command of a stage.  It tells the guardian itself, so that there is no moment in which it
 * runs and nobody knows. */
static void begin(struct drill_hooks *hooks, unsigned index, enum hook_stage stage)
{
    struct drill_hook *hook = &hooks->hook[index];
    hook->stage = stage;
    hook->output = open_output();
    hook->pid = fork();
    if (hook->pid == 0) {
        setpgid(0, 0); /* a key pressed in the terminal reaches us alone */
        if (stage == HOOK_STARTS)
            tell(hooks, NOTE_STARTS, index, getpid());
        become(stage == HOOK_STARTS ? hook->start : hook->restore, hook->output);
    }
    if (hook->pid > 0)
        setpgid(hook->pid, hook->pid); /* whoever of the two comes first */
}

/* The beginning of what a command has said, on one line and fit for JSON. */
static void keep_output(struct drill_hook *hook)
{
    size_t have = strlen(hook->said);
    if (hook->output < 0)
        return;
    if (have > 0 && have < sizeof(hook->said) - 1)
        hook->said[have++] = ' ';
    hook->said_before = hook->stage == HOOK_RESTORES ? have : 0;
    ssize_t size = pread(hook->output, hook->said + have, sizeof(hook->said) - 1 - have, 0);
    hook->said[have + (size > 0 ? (size_t)size : 0)] = '\0';
    for (char *at = hook->said; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || (unsigned char)*at > '~')
            *at = *at == '\n' ? ' ' : '?';
    for (size_t end = strlen(hook->said); end > 0 && hook->said[end - 1] == ' '; end--)
        hook->said[end - 1] = '\0';
    close(hook->output);
    hook->output = -1;
}

/* A command that prints without end must not fill the disk: only the beginning is read. */
static void cut_output(const struct drill_hook *hook)
{
    struct stat status;
    if (hook->output >= 0 && fstat(hook->output, &status) == 0 &&
        status.st_size > DRILL_HOOK_OUTPUT_SIZE &&
        ftruncate(hook->output, DRILL_HOOK_OUTPUT_SIZE) != 0)
        complain("cannot cut what a hook prints: %s", strerror(errno));
}

/* Whether the command has ended; then its status is there. */
static bool has_ended(struct drill_hook *hook, int *out_status)
{
    int wait_status = 127 << 8; /* as the shell says of what it could not start */
    if (hook->pid > 0 && waitpid(hook->pid, &wait_status, WNOHANG) == 0) {
        cut_output(hook);
        return false;
    }
    hook->pid = 0;
    keep_output(hook);
    *out_status = status_of(wait_status);
    return true;
}

/* Ends a command that has had its time, first with a word and then without. */
static void hurry(const struct drill_hook *hook, int64_t too_long_ms)
{
    if (hook->pid > 0 && too_long_ms >= 0)
        kill(-hook->pid, too_long_ms < DRILL_TERM_MS ? SIGTERM : SIGKILL);
}

/* ---- all of them ---- */

bool hooks_start(struct drill_hooks *hooks, int64_t now)
{
    for (unsigned i = 0; i < hooks->count; i++) {
        struct drill_hook *hook = &hooks->hook[i];
        if (hook->stage == HOOK_WAITS) {
            hook->started_at = now;
            begin(hooks, i, HOOK_STARTS);
        }
        if (hook->stage != HOOK_STARTS)
            continue;
        if (!has_ended(hook, &hook->start_status))
            return false;
        hook->start_ended_at = now;
        hook->stage = HOOK_STARTED;
        hooks->failed |= hook->start_status != 0;
        tell(hooks, NOTE_STARTED, i, 0);
        if (hook->start_status != 0)
            return false; /* what comes next would break on top of it */
    }
    return true;
}

static bool restore_one(struct drill_hooks *hooks, unsigned index, int64_t now)
{
    struct drill_hook *hook = &hooks->hook[index];
    if (hook->restore_started_at == 0 && hook->stage != HOOK_WAITS)
        hook->restore_started_at = now;
    int64_t taken_ms = now - hook->restore_started_at;
    if (hook->stage == HOOK_STARTS) {
        hurry(hook, taken_ms);
        if (!has_ended(hook, &hook->start_status))
            return false;
        hook->start_ended_at = now;
        hook->stage = HOOK_STARTED;
    }
    if (hook->stage == HOOK_STARTED)
        begin(hooks, index, HOOK_RESTORES);
    if (hook->stage == HOOK_RESTORES) {
        hurry(hook, taken_ms - DRILL_RESTORE_MS);
        if (!has_ended(hook, &hook->restore_status))
            return false;
        hook->restore_ended_at = now;
        hook->stage = HOOK_RESTORED;
        hooks->failed |= hook->restore_status != 0;
        tell(hooks, NOTE_RESTORED, index, 0);
    }
    return true;
}

bool hooks_restore(struct drill_hooks *hooks, int64_t now)
{
    for (unsigned i = hooks->count; i-- > 0;)
        if (!restore_one(hooks, i, now))
            return false;
    return true;
}
