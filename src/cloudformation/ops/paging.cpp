#include "cloudformation/ops/paging.hpp"

#include <algorithm>
#include <charconv>

#include "cloudformation/errors.hpp"

namespace stator::cloudformation::ops {

Result<json::Object> one_page(const aws::Input& input, const char* member, json::Array all,
                              std::size_t page_size) {
  std::size_t first = 0;
  STATOR_TRY(const auto token, input.text("NextToken"));
  if (token) {
    const auto [end, error] = std::from_chars(token->data(), token->data() + token->size(), first);
    if (error != std::errc() || end != token->data() + token->size() || first > all.size()) {
      return validation_error("NextToken is not valid");
    }
  }
  const std::size_t last = std::min(all.size(), first + page_size);
  json::Array page;
  for (std::size_t i = first; i < last; ++i) page.push_back(std::move(all[i]));
  json::Object answer;
  answer[member] = std::move(page);
  if (last < all.size()) answer["NextToken"] = std::to_string(last);
  return answer;
}

}  // namespace stator::cloudformation::ops
