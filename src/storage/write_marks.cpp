#include "storage/write_marks.hpp"

#include <functional>

namespace stator::storage {

WriteMarks::Writing::Writing(WriteMarks& marks, const Batch& batch) : marks_(marks) {
  stripes_.reserve(batch.changes().size());
  for (const auto& change : batch.changes()) {
    const bool is_range = change.kind == Batch::Change::Kind::kEraseRange;
    stripes_.push_back(is_range ? kAllKeys : index(change.family, change.key));
    marks_.stripes_[stripes_.back()].writers.fetch_add(1);
  }
}

WriteMarks::Writing::~Writing() {
  for (const auto stripe : stripes_) marks_.stripes_[stripe].writers.fetch_sub(1);
}

void WriteMarks::Writing::finish(Sequence sequence) {
  for (const auto stripe : stripes_) {
    auto& newest = marks_.stripes_[stripe].newest;
    Sequence seen = newest.load();
    while (seen < sequence && !newest.compare_exchange_weak(seen, sequence)) {
    }
  }
}

std::size_t WriteMarks::index(Family family, std::string_view key) {
  const auto salt = static_cast<std::size_t>(family) * 0x9e3779b97f4a7c15u;
  return (std::hash<std::string_view>()(key) ^ salt) % kStripes;
}

}  // namespace stator::storage
