#include "apigateway/ops/paging.hpp"

#include <algorithm>
#include <optional>

#include "apigateway/errors.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kPageMax = 500;

}  // namespace

Result<json::Object> page(std::vector<json::Object> records, const aws::Input& input) {
  std::size_t begin = 0, count = kPageMax;
  STATOR_TRY(const auto max_results, input.text("maxResults"));
  STATOR_TRY(const auto next_token, input.text("nextToken"));
  const auto number = [](const std::string& text) -> std::optional<std::size_t> {
    if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != text.npos) {
      return std::nullopt;
    }
    return std::stoul(text);
  };
  if (max_results) {
    const auto wanted = number(*max_results);
    if (!wanted || *wanted == 0) return bad_request("Invalid value for maxResults");
    count = std::min(count, *wanted);
  }
  if (next_token) {
    const auto wanted = number(*next_token);
    if (!wanted || *wanted > records.size()) return bad_request("Invalid nextToken");
    begin = *wanted;
  }
  const std::size_t end = std::min(records.size(), begin + count);
  json::Array items;
  for (std::size_t i = begin; i < end; ++i) items.push_back(std::move(records[i]));
  json::Object answer{{"items", std::move(items)}};
  if (end < records.size()) answer["nextToken"] = std::to_string(end);
  return answer;
}

}  // namespace stator::apigateway
