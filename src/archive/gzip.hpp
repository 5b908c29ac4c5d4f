#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// gzip (RFC 1952), piece by piece.
namespace stator::archive {

/// Compresses what is appended. One thread.
class GzipWriter {
 public:
  GzipWriter();
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;

  void append(std::string_view bytes);
  /// The whole file; call it once, last.
  [[nodiscard]] std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Gives the bytes behind `gzip` to `take` in pieces of at most 64 KB, however large the whole is,
/// and ends early with its error. Members that follow each other count as one. kInvalid for what
/// is no gzip, is cut short or fails its checksum; pieces before the fault have been given by then.
[[nodiscard]] Result<void> gunzip(std::string_view gzip,
                                  const std::function<Result<void>(std::string_view)>& take);

}  // namespace stator::archive
