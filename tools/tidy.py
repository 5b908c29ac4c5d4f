#!/usr/bin/env python3
"""The house rules that a machine can check: floors, owners of third-party headers, sizes, dead files.

Run from anywhere; prints one line per offence and exits 1 when there is any. `tools/tidy_ratchet.txt`
lists the files that are over a size limit with the size they may have: they may shrink, never grow.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATCHET = ROOT / "tools" / "tidy_ratchet.txt"

# A room may use rooms of lower floors only, never one beside it.
FLOORS = [
    ["base"],
    ["json", "log", "archive", "crypto"],
    ["storage", "http", "sandbox"],
    ["aws", "oidc"],
    ["iam", "audit"],
    ["dynamodb", "lambda", "apigateway", "cloudformation", "logs", "s3", "ssm", "ecr", "snapshots"],
    ["server"],
    ["cli"],
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# Third-party headers by prefix and the only room that may include them.
OWNERS = {
    "boost/json": "json",
    "boost/asio": "http",
    "boost/beast": "http",
    "boost/system": "http",
    "nghttp2/": "http",
    "openssl/ssl": "http",
    "openssl/": "crypto",
    "curl/": "oidc",
    "rocksdb/": "storage",
    "simdjson": "dynamodb",
    "yaml-cpp/": "json",
    "CLI/": "cli",
    "pugixml": "cli",
    "zip.h": "archive",
    "zlib.h": "archive",
    "seccomp.h": "sandbox",
}

LINES_MAX = {".cpp": 500, ".hpp": 400}
TEST_LINES_MAX = 800
FUNCTION_LINES_MAX = 70
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
FORBIDDEN = [
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))"), "an unfinished mark without an issue number"),
    (re.compile(r"co_await\s+[^;]*\[[^\]]*\]\s*\("), "a lambda inside a co_await statement (GCC 12 destroys it twice)"),
]


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True)
    return [pathlib.Path(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def room_of(path):
    return path.parts[1] if path.parts[0] == "src" and len(path.parts) > 2 else None


def check_includes(path, lines):
    room = room_of(path)
    is_test = path.stem.endswith("_test") or path.stem.startswith("test_")
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        kind, header = found.groups()
        for prefix, owner in OWNERS.items():
            if header.startswith(prefix):
                if room is not None and room != owner and not (owner == "crypto" and room == "http"):
                    yield f"{path}:{number}: {header} belongs to src/{owner}"
                break
        used = header.split("/")[0]
        if kind == '"' and room is not None and used in FLOOR_OF and used != room:
            if FLOOR_OF[used] >= FLOOR_OF[room] and not (is_test and FLOOR_OF[used] == FLOOR_OF[room]):
                yield f"{path}:{number}: {room} may not use {used}, which is not on a lower floor"
        if path.parts[0] == "sdk" and kind == '"' and used in FLOOR_OF and (ROOT / "src" / header).exists():
            yield f"{path}:{number}: the sdk uses no server code, but includes {header}"


def function_lengths(lines):
    """(line, length) of each function body, by the house format: '{' ends a line, '}' stands alone."""
    start = None
    for number, line in enumerate(lines, 1):
        if start is None:
            if re.match(r"^(?:  )?[A-Za-z_~].*\)[^;={]*\{$|^    .*\)[^;={]*\{$", line) and not re.match(
                    r"^\s*(?:if|for|while|switch|else|namespace|class|struct|TEST|catch)\b", line):
                start, indent = number, len(line) - len(line.lstrip())
                if line.startswith("    "):
                    indent = 0
        elif re.match(rf"^ {{{indent}}}\}}", line):
            yield start, number - start
            start = None


def read_ratchet():
    if not RATCHET.exists():
        return {}
    pairs = (line.split() for line in RATCHET.read_text().splitlines() if line and not line.startswith("#"))
    return {name: int(size) for size, name in pairs}


def check_sizes(path, lines, ratchet):
    is_test = path.stem.endswith("_test") or path.parts[0] == "tests"
    limit = TEST_LINES_MAX if is_test else LINES_MAX.get(path.suffix, 500)
    allowed = ratchet.get(str(path), limit)
    if len(lines) > max(allowed, limit):
        yield f"{path}: {len(lines)} lines, at most {max(allowed, limit)}: split it by noun"
    if path.suffix == ".cpp" and not is_test:
        for start, length in function_lengths(lines):
            if length > FUNCTION_LINES_MAX:
                yield f"{path}:{start}: a function of {length} lines, at most {FUNCTION_LINES_MAX}: split it by step"


def is_built(path):
    """Whether the nearest CMakeLists.txt above a source names it, itself or by `stator_fuzz(NAME …)`."""
    home = next((folder for folder in path.parents if (ROOT / folder / "CMakeLists.txt").exists()), pathlib.Path("."))
    listed = "".join(file.read_text() for file in (ROOT / home).glob("*.cmake"))
    listed += (ROOT / home / "CMakeLists.txt").read_text() if (ROOT / home / "CMakeLists.txt").exists() else ""
    fuzz = path.stem.removesuffix("_fuzz")
    name = re.escape(str(path.relative_to(home).with_suffix("")))
    return (re.search(rf"(?<![\w/.]){name}(\.cpp)?(?![\w./])", listed)
            or (fuzz != path.stem and f"stator_fuzz({fuzz} " in listed))


def check_dead(sources):
    """Sources that nothing builds and headers that nothing includes."""
    included = set()
    for path in sources:
        for line in (ROOT / path).read_text().splitlines():
            found = INCLUDE.match(line)
            if found:
                included.add(found.group(2))
    for path in sources:
        if path.suffix == ".cpp" and not is_built(path):
            yield f"{path}: no CMakeLists.txt names it"
        if path.suffix == ".hpp" and not any(str(path).endswith("/" + name) for name in included):
            yield f"{path}: nothing includes it"


def check_text(path, lines):
    for number, line in enumerate(lines, 1):
        if len(line) > 100 and "http" not in line and path.suffix in LINES_MAX and '"' not in line:
            yield f"{path}:{number}: {len(line)} columns, at most 100"
        for pattern, meaning in FORBIDDEN:
            if pattern.search(line):
                yield f"{path}:{number}: {meaning}"


def check_readmes():
    for room in FLOOR_OF:
        folder = ROOT / "src" / room
        if folder.is_dir():
            readme = folder / "README.md"
            if not readme.exists():
                yield f"src/{room}: no README.md"
            elif len(readme.read_text().splitlines()) > 80:
                yield f"src/{room}/README.md: more than 80 lines"


def main():
    ratchet = read_ratchet()
    offences = []
    sources = [path for path in tracked("*.cpp", "*.hpp") if "data" not in path.parts]
    for path in sources:
        lines = (ROOT / path).read_text().splitlines()
        offences += check_includes(path, lines)
        offences += check_sizes(path, lines, ratchet)
        offences += check_text(path, lines)
    offences += check_dead([path for path in sources if "compile_fail" not in str(path)])
    offences += check_readmes()
    for offence in offences:
        print(offence)
    print(f"tidy: {len(sources)} files, {len(offences)} offences")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
