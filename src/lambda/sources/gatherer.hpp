#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambda/sources/doors.hpp"
#include "lambda/sources/mappings.hpp"
#include "lambda/sources/pattern.hpp"

namespace stator::lambda::sources {

/// Reads one lane of a stream and gathers the records that its filters let through into batches:
/// as many as the batch size says, of one shard, of one window, and no more than fit into an
/// invocation. Holds one batch at most; what does not fit is read again for the next. One thread at
/// a time.
class Gatherer {
 public:
  enum class Found {
    kMore,       ///< there may be further records: read on
    kWhole,      ///< the batch takes no more
    kNothing,    ///< there are no further records now
    kWindowEnd,  ///< the next record is of a later window than the one that is open
    kBound,      ///< the bound is reached
  };
  struct Options {
    LaneId lane;
    std::uint64_t from = 0;
    std::optional<std::uint64_t> bound = {};  ///< records from here on are not gathered
  };
  /// kInternal when a stored filter is no pattern.
  [[nodiscard]] static Result<Gatherer> make(StreamSource& streams, Mappings::Ptr mapping,
                                             Options options);

  /// Looks at some more records. `open` is the window that has begun, null for none.
  [[nodiscard]] Result<Found> read(const OpenWindow* open);

  [[nodiscard]] bool is_empty() const { return records_.empty(); }
  /// Hands the batch out.
  [[nodiscard]] std::vector<StreamRecord> take();
  /// Where reading goes on: everything before it is in a batch or filtered out.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  /// Of the batch, also after it was taken.
  [[nodiscard]] const std::string& shard_id() const { return shard_id_; }
  /// The window of the batch, also after it was taken.
  [[nodiscard]] std::int64_t window_start_s() const { return window_start_s_; }
  /// What must be on disk before anybody may learn of the batch.
  [[nodiscard]] storage::Sequence durable_after() const { return durable_after_; }

 private:
  Gatherer(StreamSource& streams, Mappings::Ptr mapping, Options options)
      : streams_(streams),
        mapping_(std::move(mapping)),
        options_(options),
        position_(options.from) {}
  /// Nothing when the record is gathered or filtered out; else why it has to wait.
  [[nodiscard]] std::optional<Found> add(StreamRecord&& record, const OpenWindow* open);
  [[nodiscard]] bool passes(const StreamRecord& record) const;
  [[nodiscard]] std::int64_t window_of(const StreamRecord& record) const;
  [[nodiscard]] std::size_t envelope(const OpenWindow* open) const;

  StreamSource& streams_;
  Mappings::Ptr mapping_;
  Options options_;
  std::vector<Pattern> filters_;
  std::uint64_t position_;
  std::vector<StreamRecord> records_;
  std::size_t bytes_ = 0;
  std::string shard_id_;
  std::int64_t window_start_s_ = 0;
  storage::Sequence durable_after_ = 0;
};

}  // namespace stator::lambda::sources
