#!/usr/bin/env python3
"""The snippets of the kit's documentation, so that tests can compile and run them.

    snippets.py cookbook PAGE.md OUT.cpp    one program that runs every recipe of a page in turn
    snippets.py programs PAGE.md OUT.cpp    the `cpp program` blocks of a page, to be compiled
    snippets.py files PAGE.md DIRECTORY     what a page says to write into files

A fence says what its block is: `cpp model` stands outside functions, `cpp` is the inside of one, with what the
page's model blocks declare; `cpp file=NAME`, `cmake append=NAME` and `yaml insert=NAME` are for files. A line
`<!-- check: EXPRESSION -->` behind a recipe is what must hold after it. Blocks of Python are compiled here.
"""

import pathlib
import re
import sys

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```\n((?:<!-- check: .*? -->\n)*)", re.M | re.S)

MAIN = """
int main() {{
  const ddb::Client client;
  const auto orders = client.table<Order>();
  {calls}
  return failures;
}}
"""
HEAD = """// Made by tools/snippets.py.
#include <cstdio>
#include <iostream>

#include "ddb/ddb.hpp"
#include "lambda/lambda.hpp"

static int failures = 0;
static void check(bool holds, const char* what, int line) {
  if (holds) return;
  std::cerr << "line " << line << ": does not hold: " << what << "\\n";
  ++failures;
}
"""


def blocks(page):
    text = pathlib.Path(page).read_text()
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 2
        yield found.group(1).split(), found.group(2), re.findall(r"<!-- check: (.*?) -->", found.group(3)), line


def cookbook(page, out):
    source, calls, number = [HEAD], [], 0
    for words, code, checks, line in blocks(page):
        if words[:1] == ["python"]:
            compile(code, f"{page}:{line}", "exec")
        elif words == ["cpp", "model"]:
            source.append(f'#line {line} "{page}"\n{code}')
        elif words == ["cpp"]:
            number += 1
            held = "\n".join(f"  check({each}, R\"({each})\", {line});" for each in checks)
            source.append(f"[[maybe_unused]] static void recipe_{number}(const ddb::Client& client, "
                          f"const ddb::Table<Order>& orders) {{\n  (void)client;\n  (void)orders;\n"
                          f'#line {line} "{page}"\n{code}{held}\n}}\n')
            calls.append(f"""try {{
    recipe_{number}(client, orders);
  }} catch (const std::exception& error) {{
    std::cerr << "line {line}: " << error.what() << "\\n";
    ++failures;
  }}""")
    calls.append(f'std::printf("%d recipes\\n", {number});')
    source.append(MAIN.format(calls="\n  ".join(calls)))
    pathlib.Path(out).write_text("\n".join(source))


def programs(page, out):
    source = [HEAD]
    for words, code, _, line in blocks(page):
        if words == ["cpp", "program"]:
            source.append(f'#line {line} "{page}"\n{code}')
    source.append("\nint main() { (void)check; return failures; }\n")
    pathlib.Path(out).write_text("\n".join(source))


def files(page, directory):
    for words, code, _, _ in blocks(page):
        for word in words[1:]:
            verb, _, name = word.partition("=")
            target = pathlib.Path(directory) / name
            if verb == "file":
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(code)
            elif verb == "append":
                target.write_text(target.read_text() + code)
            elif verb == "insert":  # among a template's resources
                target.write_text(target.read_text().replace("\nResources:\n", f"\nResources:\n{code}\n", 1))


if __name__ == "__main__":
    {"cookbook": cookbook, "programs": programs, "files": files}[sys.argv[1]](*sys.argv[2:])
