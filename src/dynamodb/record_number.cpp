#include "dynamodb/record_number.hpp"

#include <algorithm>

#include "dynamodb/streams/record.hpp"

namespace stator::dynamodb {

namespace {

bool has_stream(const Table& table) {
  return table.stream && table.stream->is_enabled;
}

}  // namespace

bool has_numbered_records(const Table& table) {
  return has_stream(table) || table.recovery;
}

std::uint64_t number_at(WallTime time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(epoch_ms(time), 0)) * 1'000;
}

Result<std::uint64_t> next_record_number(const storage::Store& store, const Table& table,
                                         TableState& state, WallTime now) {
  std::uint64_t number = std::max(state.last_number + 1, number_at(now));
  if (has_stream(table)) {
    // The first number since the start of the server: the clock may have gone back meanwhile.
    if (state.last_number == 0) {
      STATOR_TRY(const auto stored, streams::last_record_number(store, table.stream->id));
      number = std::max(number, stored + 1);
    }
    number = std::max(number, table.stream->shards.back().first);
  }
  return state.last_number = number;
}

}  // namespace stator::dynamodb
