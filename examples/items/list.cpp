#include <charconv>

#include "item.hpp"

namespace {

struct ItemList {
  std::vector<Item> items{};
  std::optional<std::string> cursor{};  ///< of the next page; absent on the last
};

/// 1 to 100, or 0 for what is no such number.
std::uint32_t parse_limit(std::string_view text) {
  std::uint32_t limit = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole && limit <= 100 ? limit : 0;
}

/// GET /items?limit=20&cursor=... is one page of all items, in no particular order.
lambda::HttpResponse list(const lambda::HttpRequest& request, const Items& items) {
  const std::uint32_t limit = parse_limit(request.query("limit").value_or("20"));
  if (limit == 0) return lambda::message(400, "limit: must be 1 to 100");

  auto page = items.scan(ddb::limit(limit), ddb::from(request.query("cursor")));
  if (!page && page.error().code == ddb::ErrorCode::kBadCursor) {
    return lambda::message(400, "cursor: must be one that a page of items ended with");
  }
  if (!page) return table_failed(page.error());
  return lambda::json(200, ItemList{std::move(page->items), std::move(page->cursor)});
}

}  // namespace

int main() {
  return serve(list);
}
