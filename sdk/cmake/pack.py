#!/usr/bin/env python3
"""pack.py DIRECTORY ZIP: the directory's files as a zip that is the same bytes for the same files.

Sorted by name, dated 1980-01-01, with no mode but the execute bit, as Lambda wants it. Links are
followed: what they lead to is packed. With --check it packs nothing and says, for each ELF file, which
shared objects it needs that the directory has not.
"""

import pathlib
import struct
import sys
import zipfile


def files_of(directory):
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    if not files:
        raise SystemExit(f"pack.py: {directory}: there is nothing in it")
    return files


def pack(directory, archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files_of(directory):
            entry = zipfile.ZipInfo(path.relative_to(directory).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, which is what makes the mode count
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())


def needed(path):
    """DT_NEEDED of a 64-bit little-endian ELF file of any machine; nothing for other files."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        return None
    offset, size, count = *struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", data, offset + i * size) for i in range(count)]
    dynamic = next((header for header in headers if header[0] == 2), None)
    if dynamic is None:
        return []
    entries = [struct.unpack_from("<QQ", data, dynamic[2] + at) for at in range(0, dynamic[5], 16)]
    table = next(value for tag, value in entries if tag == 5)
    strings = next(h[2] + table - h[3] for h in headers if h[0] == 1 and h[3] <= table < h[3] + h[5])
    names = [strings + value for tag, value in entries if tag == 1]
    return [data[at:data.index(b"\0", at)].decode() for at in names]


def check(directory):
    """Exit 1 and one line for each object that is needed and not there."""
    have = {path.name for path in files_of(directory)}
    missing = [f"{path}: needs {name}" for path in files_of(directory)
               for name in needed(path) or () if name not in have]
    print("\n".join(missing) or f"{directory}: complete")
    return 1 if missing else 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--check":
        return check(pathlib.Path(arguments[1]))
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    pack(pathlib.Path(arguments[0]), arguments[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
