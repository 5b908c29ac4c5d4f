#include "item.hpp"

namespace {

struct NewItem {
  std::optional<std::string> id{};
  std::string name{};
  std::optional<std::string> description{};
  std::optional<ddb::Number> price{};
  std::optional<std::set<std::string>> tags{};
};

/// POST /items stores a new item, under the client's id or one of our making.
lambda::HttpResponse create(const lambda::HttpRequest& request, const Items& items) {
  const auto input = lambda::parse<NewItem>(request.body());
  if (!input) return lambda::message(400, input.problem());
  if (const auto problem = problem_of(*input); !problem.empty()) {
    return lambda::message(400, problem);
  }
  const std::string new_id = input->id ? *input->id : lambda::uuid();
  if (!is_id(new_id)) return lambda::message(400, "id: must be 1 to 100 of A-Z a-z 0-9 - _");

  // Its version is 0, so put() stores it only where no item has its id.
  const auto item = items.put({.id = new_id,
                               .name = input->name,
                               .description = input->description,
                               .price = input->price,
                               .tags = input->tags});
  if (ddb::condition_failed(item)) {
    return lambda::message(409, "there is an item " + new_id + " already");
  }
  if (!item) return table_failed(item.error());

  auto response = lambda::json(201, *item);
  response.headers.emplace_back("location", "/items/" + item->id);
  return response;
}

}  // namespace

int main() {
  return serve(create);
}
