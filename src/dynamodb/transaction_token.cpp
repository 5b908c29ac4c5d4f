#include "dynamodb/transaction_token.hpp"

#include <algorithm>
#include <chrono>

#include "dynamodb/key_codec.hpp"
#include "dynamodb/tables.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

/// AWS's window, and the span of the clock that shares a place.
constexpr std::int64_t kWindowMs = 10 * 60 * 1'000;
constexpr std::size_t kTimeDigits = 13;

std::int64_t span_of(WallTime time) {
  return epoch_ms(time) / kWindowMs;
}

/// Fixed width, so that the order of texts is the order of numbers.
std::string digits(std::int64_t number) {
  std::string text = std::to_string(std::max<std::int64_t>(number, 0));
  if (text.size() < kTimeDigits) text.insert(0, kTimeDigits - text.size(), '0');
  return text;
}

std::string span_prefix(std::int64_t span) {
  return table_prefix(kTokenPlace) + digits(span);
}

/// Accounts and regions have no zero bytes, and the token comes last.
std::string whose(const aws::Call& call, const RequestToken& token) {
  return call.account + '\0' + call.region + '\0' + token.name;
}

}  // namespace

std::string token_latch(const aws::Call& call, const RequestToken& token) {
  return table_prefix(kTokenPlace) + whose(call, token);
}

Result<std::optional<std::string>> find_token(const storage::Store& store, aws::Call& call,
                                              const RequestToken& token) {
  // The span after this one too: the clock may have been set back.
  for (const std::int64_t step : {0, -1, 1}) {
    const std::string key = span_prefix(span_of(call.now) + step) + whose(call, token);
    STATOR_TRY(const auto record, store.get(Family::kItems, key));
    if (!record) continue;
    const std::int64_t used_ms = std::stoll(record->substr(0, kTimeDigits));
    if (epoch_ms(call.now) >= used_ms + kWindowMs) continue;
    call.durable_after =
        std::max(call.durable_after.value_or(0), store.last_write_of(Family::kItems, key));
    return std::optional(record->substr(kTimeDigits));
  }
  return std::optional<std::string>();
}

void add_token(const aws::Call& call, const RequestToken& token, storage::Batch& batch) {
  batch.put(Family::kItems, span_prefix(span_of(call.now)) + whose(call, token),
            digits(epoch_ms(call.now)) + token.fingerprint);
}

Result<void> erase_old_tokens(storage::Store& store, WallTime now) {
  const storage::Range old{table_prefix(kTokenPlace), span_prefix(span_of(now) - 1)};
  const auto tokens = store.iterate(Family::kItems, old);
  tokens->seek_first();
  STATOR_TRY_VOID(tokens->status());
  if (!tokens->valid()) return {};
  storage::Batch batch;
  batch.erase_range(Family::kItems, old.begin, old.end);
  STATOR_TRY_VOID(store.write(std::move(batch)));
  return {};
}

void keep_tokens(Tables& tables) {
  tables.background().every(std::chrono::minutes(1), [&tables] {
    // What could not be erased is erased a minute later.
    static_cast<void>(erase_old_tokens(tables.store(), tables.clock().wall()));
  });
}

}  // namespace stator::dynamodb
