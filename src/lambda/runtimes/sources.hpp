#pragma once

#include <span>
#include <string_view>

namespace stator::lambda::runtimes {

/// A file of a runtime client: src/lambda/runtimes/PATH, as it was when this binary was built.
struct SourceFile {
  std::string_view path;  ///< "python/bootstrap.py"
  std::string_view text;
};

[[nodiscard]] std::span<const SourceFile> source_files();

}  // namespace stator::lambda::runtimes
