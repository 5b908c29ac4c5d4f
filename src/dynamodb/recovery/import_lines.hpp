#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/recovery/import_record.hpp"
#include "dynamodb/value.hpp"

/// From the bytes of an imported object to items.
namespace stator::dynamodb::recovery {

/// Cuts bytes that come in pieces into lines. In CSV a line break between quotes ends nothing. A
/// line longer than any item can be is given as nothing, and its bytes are not kept.
class LineCutter {
 public:
  using Take = std::function<Result<void>(std::optional<std::string_view>)>;
  static constexpr std::size_t kLineBytesMax = 4u << 20;

  LineCutter(bool is_csv, Take take) : is_csv_(is_csv), take_(std::move(take)) {}
  [[nodiscard]] Result<void> append(std::string_view piece);
  /// Gives the last line, if it does not end with a break.
  [[nodiscard]] Result<void> finish();

 private:
  [[nodiscard]] Result<void> end_line();
  void keep(std::string_view bytes);

  bool is_csv_;
  Take take_;
  std::string line_;
  bool is_too_long_ = false;
  bool is_quoted_ = false;
};

/// The item of a line {"Item":{...}}. An error for anything else.
[[nodiscard]] Result<Item> read_json_line(std::string_view line);

/// The fields of a line of CSV (RFC 4180). kInvalid for quotes out of place.
[[nodiscard]] Result<std::vector<std::string>> read_csv_line(std::string_view line, char delimiter);

/// The item of a line of CSV: strings, but for key attributes of other types. kInvalid when the
/// fields are not as many as the headers.
[[nodiscard]] Result<Item> csv_item(const Table& table, const std::vector<std::string>& headers,
                                    std::vector<std::string> fields);

}  // namespace stator::dynamodb::recovery
