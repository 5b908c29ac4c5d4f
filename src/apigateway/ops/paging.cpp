#include "apigateway/ops/paging.hpp"

#include <algorithm>
#include <optional>

#include "apigateway/errors.hpp"
#include "base/bytes.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kPageMax = 500;

std::optional<std::size_t> read_count(const std::string& text) {
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != text.npos) {
    return std::nullopt;
  }
  return std::stoul(text);
}

}  // namespace

Result<json::Object> page(std::vector<json::Object> records, std::string_view id_member,
                          const aws::Input& input) {
  std::size_t count = kPageMax;
  STATOR_TRY(const auto max_results, input.text("maxResults"));
  STATOR_TRY(const auto next_token, input.text("nextToken"));
  if (max_results) {
    const auto wanted = read_count(*max_results);
    if (!wanted || *wanted == 0) return bad_request("Invalid value for maxResults");
    count = std::min(count, *wanted);
  }
  const auto id = [id_member](const json::Object& record) {
    return json::find_string(record, id_member).value_or("");
  };
  std::sort(records.begin(), records.end(),
            [&](const auto& a, const auto& b) { return id(a) < id(b); });
  auto at = records.begin();
  if (next_token) {
    const auto last = base64url_decode(*next_token);
    if (!last || last->empty()) return bad_request("Invalid nextToken");
    at = std::find_if(at, records.end(), [&](const auto& record) { return id(record) > *last; });
  }
  json::Array items;
  std::string last;
  for (; at != records.end() && items.size() < count; ++at) {
    last = id(*at);
    items.push_back(std::move(*at));
  }
  json::Object answer{{"items", std::move(items)}};
  if (at != records.end()) answer["nextToken"] = base64url_encode(last);
  return answer;
}

}  // namespace stator::apigateway
