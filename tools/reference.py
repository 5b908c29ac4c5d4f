#!/usr/bin/env python3
"""The kit's reference, out of its headers: docs/kit/reference.md. With --check it only says whether that is fresh.

Of every public header: its declarations with their /// comments, without bodies, private parts and what
is in a namespace `detail`.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "sdk" / "include"
PAGE = ROOT / "docs" / "kit" / "reference.md"
HEAD = """# Reference of the kit

Made from the headers in `sdk/include` by `tools/reference.py`; a test compares. What a class keeps private and
how things are done is left out. Include `ddb/ddb.hpp` for the mapper and `lambda/lambda.hpp` for the runtime.
"""
# Not for users: the C interface, the reflection, and how requests are written.
LEFT_OUT = ("stator/abi.h", "stator/abi_lambda.h")


def without_preprocessor(text):
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*\n", "", text, flags=re.M)
    # Comments of one line that are not documentation.
    return re.sub(r"(?<![:/\"])//(?!/)[^\n]*", "", text)


def skip_braces(text, at):
    """Behind the brace that closes the one at `at`."""
    depth = 0
    while at < len(text):
        if text[at] == '"':
            at = re.compile(r'"(?:\\.|[^"\\])*"').match(text, at).end()
            continue
        if text[at] == "'" and text[at + 1:at + 3] not in ("\\", "") and text[at + 2:at + 3] == "'":
            at += 3
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            break
    return at


IS_TYPE = re.compile(r"^(?:template\s*<[^;{]*>\s*)?(?:requires[^;{]*\s)?(?:class|struct|enum(?:\s+class)?|union)\s+\w[^;()]*$", re.S)


def chunks(text):
    """(documentation, declaration, body or None) of everything at this level."""
    at = 0
    while at < len(text):
        doc = re.compile(r"\s*((?:///[^\n]*\n\s*)*)").match(text, at)
        comments = [line.strip()[3:].removeprefix(" ") for line in doc.group(1).splitlines() if line.strip()]
        at = begin = doc.end()
        if at >= len(text):
            return
        label = re.compile(r"(?:public|private|protected)\s*:(?!:)").match(text, at)
        if label:
            yield [], label.group(), None
            at = label.end()
            continue
        parentheses = 0
        body = None
        while at < len(text):
            char = text[at]
            if text.startswith("///", at) and parentheses == 0:
                at = text.index("\n", at)
                continue
            if char == '"':
                at = re.compile(r'"(?:\\.|[^"\\])*"').match(text, at).end()
                continue
            parentheses += {"(": 1, ")": -1}.get(char, 0)
            if char == ";" and parentheses == 0:
                at += 1
                break
            if char == "{" and parentheses == 0:
                end = skip_braces(text, at)
                declared = text[begin:at].strip()
                rest = re.compile(r"\s*;").match(text, end)
                if re.match(r"(?:inline\s+)?namespace\b|extern\s*$", declared):
                    body, stop, end = text[at + 1:end - 1], at, end
                    yield comments, declared, body
                    begin, at = None, end
                    break
                if IS_TYPE.match(declared):
                    yield comments, declared, text[at + 1:end - 1]
                    begin, at = None, rest.end() if rest else end
                    break
                is_value = re.search(r"(?:^|\s)(?:concept|using|constexpr|requires)\b[^()]*=|requires\s*$|requires\([^)]*\)\s*$", declared)
                if rest or is_value or re.search(r"=\s*[\w:<>]*$", declared):
                    at = end
                    continue
                yield comments, declared, ""
                begin, at = None, end
                break
            at += 1
        if begin is not None:
            text_of = text[begin:at]
            tail = re.compile(r"[ \t]*///<[^\n]*(?:\n\s*///[^\n]*)*").match(text, at)
            if tail:
                text_of += "  " + tail.group().strip()
                at = tail.end()
            if text_of.strip(" \n;"):
                yield comments, text_of.strip(), None


def one_line(declaration):
    """A function's or a value's declaration without what initialises it."""
    trailing = ""
    if "///<" in declaration:
        declaration, trailing = declaration.split("///<", 1)
        trailing = "  // " + " ".join(line.strip().removeprefix("///").strip() for line in trailing.splitlines())
    declaration = re.sub(r"\s+", " ", declaration).strip().rstrip(";").replace("[[nodiscard]] ", "")
    declaration = re.sub(r"\) (?:noexcept )?: .*$", ")", declaration)  # a constructor's initialisers
    declaration = re.sub(r"^inline (?=\w)", "", declaration)
    return declaration + ";" + trailing


def synopsis(declared, body, indent):
    """A type's public part."""
    lines = []
    is_public = not re.search(r"\bclass\b", declared) or "enum" in declared
    if "enum" in declared:
        return [indent + line.rstrip() for line in body.strip("\n").splitlines()]
    for doc, declaration, inner in chunks(body):
        label = re.fullmatch(r"(public|private|protected)\s*:", declaration)
        if label:
            is_public = label.group(1) == "public"
            continue
        if not is_public or declaration.startswith(("friend", "static_assert")):
            continue
        if re.search(r"\(const \w+&\) = |\(\w+&&\)|operator=\(|^~|= delete", re.sub(r"\s+", " ", declaration)):
            continue
        lines += [f"{indent}// {line}".rstrip() for line in doc]
        if inner and IS_TYPE.match(declaration):
            lines.append(f"{indent}{re.sub(chr(92) + 's+', ' ', declaration)} {{")
            lines += synopsis(declaration, inner, indent + "  ")
            lines.append(indent + "};")
        else:
            lines.append(indent + one_line(declaration))
    return lines


def entities(text):
    """(documentation, lines of code) of each public entity of a header."""
    for doc, declared, body in chunks(text):
        if re.match(r"(?:inline\s+)?namespace\b", declared):
            if not re.search(r"\bdetail\b", declared):
                yield from entities(body)
        elif declared.startswith(("extern", "static_assert", "friend")):
            continue
        elif body and IS_TYPE.match(declared):
            inside = synopsis(declared, body, "  ")
            yield doc, [re.sub(r"\s+", " ", declared) + " {", *inside, "};"]
        elif body is None or body == "":
            if doc or not re.search(r"^(?:template\s*<[^>]*>\s*)?(?:class|struct)\b", declared):
                yield doc, [one_line(declared)]


def page():
    lines = [HEAD]
    for header in sorted(INCLUDE.rglob("*.h*")):
        name = header.relative_to(INCLUDE).as_posix()
        if name in LEFT_OUT:
            continue
        found = [(doc, code) for doc, code in entities(without_preprocessor(header.read_text())) if doc]
        if not found:
            continue
        lines.append(f"\n## {name}\n")
        for doc, code in found:
            lines += [*doc, "", "```c++", *code, "```", ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def main(arguments):
    text = page()
    if arguments == ["--check"]:
        is_fresh = PAGE.exists() and PAGE.read_text() == text
        print("fresh" if is_fresh else "docs/kit/reference.md is not what the headers say: run tools/reference.py")
        return 0 if is_fresh else 1
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
