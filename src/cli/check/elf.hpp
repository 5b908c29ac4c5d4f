#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stator::cli {

/// What an ELF file asks of the machine that runs it.
struct ElfFacts {
  std::string machine;              ///< "x86_64", "arm64", else "machine 62"
  bool is_executable = false;       ///< rather than a library
  std::string interpreter;          ///< "/lib64/ld-linux-x86-64.so.2"; "" for static ones
  std::vector<std::string> needed;  ///< "libc.so.6"
  int glibc_minor = 0;              ///< the newest GLIBC_2.x of which it needs a symbol; 0: none
};

/// Nothing for what is no ELF file or a damaged one. Reads only within `bytes`.
[[nodiscard]] std::optional<ElfFacts> read_elf(std::string_view bytes);

}  // namespace stator::cli
