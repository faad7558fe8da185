#!/usr/bin/python3
"""Keeps the modules one-way.

Reads src/LAYERS and every #include of src/ and include/, and says which line of which file breaks a
rule.  Run without arguments it first tries itself on a small tree in which every rule is broken, so
that a check that has gone blind is noticed; then it checks the project.  Exit status 0 or 1.
"""

import pathlib
import re
import sys
import tempfile

# Headers of other people's libraries -> the only modules that may include them.
LIBRARY_HEADERS = {
    r"uv\.h": {"server", "http", "probe", "api", "cmd"},
    r"ldns/.*": {"model"},
    r"maxminddb\.h": {"geo"},
    r"sqlite3\.h": {"store"},
    r"microhttpd\.h": {"http"},
    r"gnutls/.*": {"http"},
    r"jansson\.h": {"model", "api", "cmd"},
    r"curl/.*": {"probe", "cmd"},
    r"ares\.h": {"probe"},
    r"zlib\.h": {"probe"},
    r"openssl/.*": {"sign", "keys", "probe", "sigv4", "cmd"},
    r"p11-kit/.*": {"keys"},
    r"libxml/.*": {"xml"},
    r"confuse\.h": {"cmd"},
    r"systemd/.*": {"cmd"},
}

# What the query path does not do, and where it does not do it.
NEITHER_ALLOCATES_NOR_LOCKS = (
    r"\b(?:malloc|calloc|realloc|free|strdup|pthread_mutex_\w+|pthread_rwlock_\w+)\s*\("
)
FORBIDDEN_CALLS = {
    "policy": NEITHER_ALLOCATES_NOR_LOCKS,
    "answer": NEITHER_ALLOCATES_NOR_LOCKS,
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def read_layers(text):
    """module -> the modules it may include, itself and those of its lower modules counted."""
    direct, faults = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        module, _, below = line.partition(":")
        for lower in below.split():
            if lower not in direct:
                faults.append(
                    f"src/LAYERS:{number}: {module} names {lower}, which no line above it defines"
                )
        direct[module] = set(below.split())
    allowed = {}
    for module, below in direct.items():  # lower modules come first, so one pass is enough
        allowed[module] = {module}.union(below, *(allowed.get(lower, set()) for lower in below))
    return allowed, faults


def check_include(module, header, allowed):
    own = re.match(r"signpost/([^/]+)/", header)
    if own:
        if own[1] not in allowed:
            return f"includes {header}, but src/LAYERS has no module {own[1]}"
        if own[1] not in allowed[module]:
            return f"includes {header}, but src/LAYERS does not let {module} know {own[1]}"
        return None
    for pattern, modules in LIBRARY_HEADERS.items():
        if re.fullmatch(pattern, header) and module not in modules:
            return f"includes {header}, which belongs to {' '.join(sorted(modules))} alone"
    return None


def without_comments(text):
    """The same text, the same lines, comments and strings blanked."""
    return COMMENT_OR_STRING.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), text)


def check_file(path, module, text, allowed):
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line)
        fault = check_include(module, include[1], allowed) if include else None
        if fault:
            faults.append(f"{path}:{number}: {fault}")
    if module in FORBIDDEN_CALLS:
        for number, line in enumerate(without_comments(text).splitlines(), 1):
            call = re.search(FORBIDDEN_CALLS[module], line)
            if call:
                faults.append(
                    f"{path}:{number}: {call[0].rstrip('( ')} in {module}/: the query path "
                    "neither allocates nor locks"
                )
    return faults


def check_architecture(root, modules):
    page = root / "src/ARCHITECTURE.md"
    if not page.exists():
        return ["src/ARCHITECTURE.md is missing"]
    rows = set(re.findall(r"^\|\s*`(\w+)`", page.read_text(), re.MULTILINE))
    return [
        f"src/ARCHITECTURE.md: its table has no row for {module}"
        for module in sorted(modules - rows)
    ] + [
        f"src/ARCHITECTURE.md: its table has {row}, which src/LAYERS has not"
        for row in sorted(rows - modules)
    ]


def check_tree(root):
    allowed, faults = read_layers((root / "src/LAYERS").read_text())
    modules, files = set(allowed), 0
    for top in (root / "src", root / "include/signpost"):
        for folder in sorted(entry for entry in top.iterdir() if entry.is_dir()):
            name = folder.relative_to(root)
            if folder.name not in modules:
                faults.append(f"{name}: src/LAYERS has no module {folder.name}")
                continue
            for path in sorted([*folder.rglob("*.c"), *folder.rglob("*.h")]):
                files += 1
                faults += check_file(path.relative_to(root), folder.name, path.read_text(), allowed)
    faults += [
        f"src/LAYERS: {module} has no folder src/{module}"
        for module in sorted(modules)
        if not (root / "src" / module).is_dir()
    ]
    return files, faults + check_architecture(root, modules)


# The tree in which every rule is broken: file -> text, and what must be said of it.
BAD_TREE = {
    "src/LAYERS": "base:\ndns: base\npolicy: dns\nanswer: policy\nmodel: dns missing\nserver: answer\n"
    "store: model\nghost:\n",
    "src/ARCHITECTURE.md": "| `base` | x |\n| `dns` | x |\n| `policy` | x |\n| `model` | x |\n"
    "| `server` | x |\n| `store` | x |\n"
    "| `ghost` | x |\n| `phantom` | x |\n",
    "src/base/a.c": '#include "signpost/dns/name.h"\n',
    "src/dns/a.c": '#include "signpost/base/span.h"\n#include <uv.h>\n#include "signpost/nowhere/x.h"\n',
    "src/answer/a.c": "/* malloc(1) is only spoken of here */\nvoid f(void)\n{\n    char *p = malloc(1);\n"
    '    g("free(p)");\n    pthread_mutex_lock(m);\n    free(p);\n}\n',
    "src/policy/a.c": "void f(void)\n{\n    char *p = strdup(q);\n    trace_free(p);\n}\n",
    "src/server/a.c": '#include <uv.h>\n#include "signpost/base/span.h"\n#  include <sqlite3.h>\n',
    "src/model/a.c": "#include <ldns/ldns.h>\n#include <curl/curl.h>\n",
    "src/store/a.c": "#include <sqlite3.h>\n#include <ldns/ldns.h>\n",
    "src/stray/a.c": "",
    "include/signpost/base/a.h": '#include "signpost/store/store.h"\n',
}

EXPECTED = {
    "src/LAYERS:5: model names missing",
    "src/base/a.c:1: includes signpost/dns/name.h",
    "src/dns/a.c:2: includes uv.h",
    "src/dns/a.c:3: includes signpost/nowhere/x.h",
    "src/answer/a.c:4: malloc in answer/",
    "src/answer/a.c:6: pthread_mutex_lock in answer/",
    "src/answer/a.c:7: free in answer/",
    "src/policy/a.c:3: strdup in policy/",
    "src/server/a.c:3: includes sqlite3.h",
    "src/model/a.c:2: includes curl/curl.h",
    "src/store/a.c:2: includes ldns/ldns.h",
    "src/stray: src/LAYERS has no module stray",
    "include/signpost/base/a.h:1: includes signpost/store/store.h",
    "src/LAYERS: ghost has no folder",
    "src/ARCHITECTURE.md: its table has no row for answer",
    "src/ARCHITECTURE.md: its table has phantom",
}


def try_bad_tree():
    """Complaints about the checks themselves: what they overlooked, and what they made up."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in BAD_TREE.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        _, faults = check_tree(root)
    overlooked = [want for want in EXPECTED if not any(fault.startswith(want) for fault in faults)]
    made_up = [fault for fault in faults if not any(fault.startswith(want) for want in EXPECTED)]
    return [f'self-test: overlooked "{want}"' for want in sorted(overlooked)] + [
        f'self-test: made up "{fault}"' for fault in made_up
    ]


def main():
    complaints = try_bad_tree()
    files, faults = check_tree(pathlib.Path(__file__).resolve().parent.parent)
    complaints += faults
    if files == 0:
        complaints.append("not one source file was found")
    print(
        "\n".join(complaints) if complaints else f"layers: {files} files, every include is allowed"
    )
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
