#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sigv4.hpp"
#include "closed_loop.hpp"

namespace stator::bench {

struct Workload {
  std::string operation;       ///< "GetItem", ...
  std::uint64_t items = 1000;  ///< in the table `bench`; keys are "k0000000000", ...
  std::uint64_t item_bytes = 1024;
  std::string host;  ///< for Host
  aws::sigv4::Credentials credentials;
};

/// The body of one request. `n` chooses key and contents. Throws for an operation it does not know.
///
/// Items of the table `bench` (partition key "id") have a text, a number and a set; those of
/// `series` (partition key "id", sort key "at", a number) come twenty to a partition.
[[nodiscard]] std::string make_body(const Workload& workload, std::uint64_t n);
/// The same, signed, as bytes for the wire.
[[nodiscard]] std::string make_request(const Workload& workload, std::uint64_t n);

/// Requests signed before the load begins, over keys drawn from all, again and again without end.
[[nodiscard]] NextRequest ring_of(const Workload& workload, std::size_t size);
/// Each request once, 0 to `count` - 1, signed as they go.
[[nodiscard]] NextRequest sequence_of(const Workload& workload, std::uint64_t count);

/// Bodies of CreateTable.
[[nodiscard]] std::vector<std::string> table_bodies();
[[nodiscard]] std::string make_wire(const Workload& workload, std::string_view operation,
                                    std::string body);

}  // namespace stator::bench
