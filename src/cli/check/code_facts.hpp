#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/check/elf.hpp"

namespace stator::cli {

/// What a function's or a layer's package is made of.
struct CodeFacts {
  struct Program {
    std::string name;
    ElfFacts elf;
  };
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t packed_bytes = 0;
  std::set<std::string, std::less<>> names;        ///< of all files
  std::set<std::string, std::less<>> executables;  ///< of those with an execute bit
  std::vector<Program> programs;                   ///< the ELF files
};

/// Of a directory or a zip. kNotFound when there is nothing at `path`.
[[nodiscard]] Result<CodeFacts> read_code(const std::filesystem::path& path);

}  // namespace stator::cli
