#include "item.hpp"

namespace {

struct NewContent {
  std::string name{};
  std::optional<std::string> description{};
  std::optional<ddb::Number> price{};
  std::optional<std::set<std::string>> tags{};
  std::int64_t version = 0;  ///< the one that the client has read
};

/// PUT /items/{id} replaces what an item says, if nobody has since the client read it.
lambda::HttpResponse update(const lambda::HttpRequest& request, const Items& items) {
  const auto input = lambda::parse<NewContent>(request.body());
  if (!input) return lambda::message(400, input.problem());
  if (const auto problem = problem_of(*input); !problem.empty()) {
    return lambda::message(400, problem);
  }

  const auto wanted = request.path_parameter("id");
  if (!is_id(wanted)) return no_such_item(wanted);
  const auto item =
      items.update(wanted, set(name, input->name), set(description, input->description),
                   set(price, input->price), set(tags, input->tags), if_(version == input->version),
                   ddb::with_old_item);
  if (ddb::condition_failed(item)) {
    const auto present = ddb::old_item<Item>(item.error());
    if (!present) return table_failed(present.error());
    if (!*present) return no_such_item(wanted);
    return lambda::message(
        409, "version: the item is at version " + std::to_string((*present)->version) + " by now");
  }
  if (!item) return table_failed(item.error());
  return lambda::json(200, *item);
}

}  // namespace

int main() {
  return serve(update);
}
