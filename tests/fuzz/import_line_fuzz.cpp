#include <cstdint>
#include <string_view>

#include "dynamodb/recovery/import_lines.hpp"

/// Lines of imported objects, JSON and CSV, cut from pieces of any size.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stator::dynamodb;
  if (size < 2) return 0;
  const bool is_csv = (data[0] & 1) != 0;
  const std::size_t piece = 1 + data[1] % 16;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  Table table;
  table.attributes = {{"id", Type::kN}, {"b", Type::kB}};
  const std::vector<std::string> headers = {"id", "b", "text"};
  recovery::LineCutter cutter(is_csv,
                              [&](std::optional<std::string_view> line) -> stator::Result<void> {
                                if (!line) return {};
                                if (!is_csv) {
                                  (void)recovery::read_json_line(*line);
                                  return {};
                                }
                                auto fields = recovery::read_csv_line(*line, ',');
                                if (fields)
                                  (void)recovery::csv_item(table, headers, std::move(*fields));
                                return {};
                              });
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    (void)cutter.append(bytes.substr(at, piece));
  }
  (void)cutter.finish();
  return 0;
}
