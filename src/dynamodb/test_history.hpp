#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// A search for anomalies in what concurrent transactions saw, after Adya's definitions and the way
/// of Elle (Kingsbury and Alvaro, VLDB 2020): every item is a list, every write appends an element
/// that no other write appends, so the reads tell in which order the writes happened, and with it
/// which transaction depends on which. A cycle of dependencies is an anomaly; so is one that only
/// real time closes, because transactions promise strict serializability.
namespace stator::dynamodb::testing {

using Key = std::string;
using Element = std::int64_t;

/// What one client knows of one transaction.
struct Transaction {
  std::uint64_t begun = 0;  ///< moments of one clock that all clients share
  std::uint64_t ended = 0;
  bool is_committed = true;
  std::map<Key, std::vector<Element>> reads = {};  ///< the whole list as it was seen
  std::map<Key, Element> appends = {};
};

using History = std::vector<Transaction>;

/// A line for each kind of anomaly found, beginning with its name: "G0", "G1a", "G1c", "G-single",
/// "G2", each also with "-realtime"; "lost update", "duplicate", "incompatible order". `final`
/// holds every list as it was when all transactions had ended.
[[nodiscard]] std::vector<std::string> find_anomalies(
    const History& history, const std::map<Key, std::vector<Element>>& final);

}  // namespace stator::dynamodb::testing
