#include "item.hpp"

namespace {

/// DELETE /items/{id}
lambda::HttpResponse erase(const lambda::HttpRequest& request, const Items& items) {
  const auto wanted = request.path_parameter("id");
  if (!is_id(wanted)) return no_such_item(wanted);
  const auto erased = items.erase(wanted, if_(exists(id)));
  if (ddb::condition_failed(erased)) return no_such_item(wanted);
  if (!erased) return table_failed(erased.error());
  return {.status = 204};
}

}  // namespace

int main() {
  return serve(erase);
}
