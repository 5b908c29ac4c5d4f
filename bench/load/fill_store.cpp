// Puts small items into a table of a server that is not running, by the same commit as PutItem but
// without HTTP and without waiting for the disk: ten million in a minute or so.
//
//   fill_store DATA TABLE COUNT [ITEM_BYTES]     keys are "k0000000000", "k0000000001", ...

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "dynamodb/commit.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/tables.hpp"
#include "storage/budget.hpp"
#include "storage/data_directory.hpp"

namespace stator::bench {
namespace {

constexpr std::uint64_t kBatch = 500;

dynamodb::Item make_item(std::uint64_t n, std::size_t bytes) {
  char id[24];
  std::snprintf(id, sizeof(id), "k%010llu", static_cast<unsigned long long>(n));
  dynamodb::Item item;
  item.set("id", dynamodb::Value(std::string(id)));
  item.set("text", dynamodb::Value(std::string(bytes, 'x')));
  return item;
}

void fill(const std::string& data, const std::string& name, std::uint64_t count,
          std::size_t item_bytes) {
  const SystemClock clock;
  SystemRandom random;
  const storage::DataDirectory directory(data);
  const auto store = storage::open_store(data, storage::Durability::kAsync, storage::Budget());
  dynamodb::Tables tables(*store, clock, random);
  const auto access = tables.write_access({"000000000000", "us-east-1", name});
  if (access.is_empty()) throw std::runtime_error("there is no table " + name);
  for (std::uint64_t n = 0; n < count; n += kBatch) {
    std::vector<dynamodb::ItemChange> changes;
    for (std::uint64_t i = n; i < std::min(count, n + kBatch); ++i) {
      const auto item = make_item(i, item_bytes);
      dynamodb::ItemChange change{&access.table(), &access.state(), {}};
      change.key = dynamodb::key_of_item(access.table(), item).value();
      change.now = {dynamodb::NewItem::Kind::kPut, dynamodb::encode_item(item)};
      changes.push_back(std::move(change));
    }
    const auto done = commit(*store, changes, clock.wall(), dynamodb::Cause::kRequest);
    if (!done) throw std::runtime_error(done.error().message);
  }
}

}  // namespace
}  // namespace stator::bench

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "fill_store DATA TABLE COUNT [ITEM_BYTES]\n");
    return 2;
  }
  try {
    stator::bench::fill(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10),
                        argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 64);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fill_store: %s\n", error.what());
    return 1;
  }
}
