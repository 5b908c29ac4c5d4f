#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "dynamodb/streams/reader.hpp"
#include "storage/store.hpp"

namespace stator::dynamodb::streams {

/// Where a consumer is, as it is told by GetShardIterator and GetRecords.
struct ShardIterator {
  std::string stream_arn;
  std::string shard_id;
  Position position;
  WallTime issued;
};

/// Makes shard iterators texts that say in clear which stream they are of, as AWS's do, and that
/// nobody else can make. The key lies in the store, so an iterator outlives a restart and dies of
/// its age alone. Any thread may call.
class IteratorSeal {
 public:
  /// Reads the key, or makes it. Throws ConfigError when the store fails.
  IteratorSeal(storage::Store& store, Random& random);

  [[nodiscard]] std::string seal(const ShardIterator& iterator) const;
  /// The inverse, whatever its age; a ValidationException for any text that was not sealed here.
  [[nodiscard]] Result<ShardIterator> open(std::string_view text) const;

 private:
  /// What the seal is, over all that stands before it.
  [[nodiscard]] std::string mark(std::string_view arn, std::string_view payload) const;

  std::string key_;
};

/// ExpiredIteratorException for an iterator that is older than fifteen minutes.
[[nodiscard]] Result<void> check_age(const ShardIterator& iterator, WallTime now);

}  // namespace stator::dynamodb::streams
