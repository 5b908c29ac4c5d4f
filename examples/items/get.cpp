#include "item.hpp"

namespace {

/// GET /items/{id}
lambda::HttpResponse get(const lambda::HttpRequest& request, const Items& items) {
  const auto wanted = request.path_parameter("id");
  if (!is_id(wanted)) return no_such_item(wanted);
  const auto item = items.get(wanted, ddb::consistent);
  if (!item) return table_failed(item.error());
  if (!*item) return no_such_item(wanted);
  return lambda::json(200, **item);
}

}  // namespace

int main() {
  return serve(get);
}
