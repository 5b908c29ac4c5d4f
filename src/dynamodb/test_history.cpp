#include "dynamodb/test_history.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace stator::dynamodb::testing {

namespace {

enum class EdgeKind : std::uint8_t {
  kWriteWrite,  ///< the next write after this one
  kWriteRead,   ///< sees what this one wrote
  kReadWrite,   ///< overwrites what this one saw
  kRealTime,    ///< began after this one had ended
};

struct Edge {
  std::size_t to;
  EdgeKind kind;
};

using Kinds = std::array<bool, 4>;

/// How many edges are tried before a cycle is reported without its exact name.
constexpr int kSearchesMax = 300;

/// Nodes 0 to n-1 are the transactions, those above are moments, which join each ended transaction
/// with all that begin later without an edge for each pair.
class Graph {
 public:
  explicit Graph(std::size_t size) : edges_(size) {}

  void add(std::size_t from, std::size_t to, EdgeKind kind) {
    if (from != to) edges_[from].push_back({to, kind});
  }
  std::size_t add_node() {
    edges_.emplace_back();
    return edges_.size() - 1;
  }
  [[nodiscard]] std::size_t size() const { return edges_.size(); }
  [[nodiscard]] const std::vector<Edge>& edges(std::size_t from) const { return edges_[from]; }

  /// For each node, which strongly connected component over the allowed edges it belongs to
  /// (Tarjan, without recursion: a history is longer than a stack is deep).
  [[nodiscard]] std::vector<std::size_t> components(const Kinds& allowed) const;
  [[nodiscard]] bool has_path(std::size_t from, std::size_t to, const Kinds& allowed) const;

 private:
  std::vector<std::vector<Edge>> edges_;
};

std::vector<std::size_t> Graph::components(const Kinds& allowed) const {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> order(size(), kNone);
  std::vector<std::size_t> low(size(), 0);
  std::vector<std::size_t> component(size(), kNone);
  std::vector<std::size_t> open;
  std::vector<std::pair<std::size_t, std::size_t>> path;  // node, next edge
  std::size_t visited = 0;
  std::size_t found = 0;
  const auto enter = [&](std::size_t node) {
    order[node] = low[node] = visited++;
    open.push_back(node);
    path.emplace_back(node, 0);
  };
  const auto leave = [&](std::size_t node) {
    if (low[node] == order[node]) {
      for (std::size_t member = kNone; member != node;) {
        member = open.back();
        open.pop_back();
        component[member] = found;
      }
      ++found;
    }
    path.pop_back();
    if (!path.empty()) low[path.back().first] = std::min(low[path.back().first], low[node]);
  };
  for (std::size_t start = 0; start < size(); ++start) {
    if (order[start] != kNone) continue;
    enter(start);
    while (!path.empty()) {
      const std::size_t node = path.back().first;
      if (path.back().second == edges_[node].size()) {
        leave(node);
        continue;
      }
      const Edge& edge = edges_[node][path.back().second++];
      if (!allowed[static_cast<std::size_t>(edge.kind)]) continue;
      if (order[edge.to] == kNone) {
        enter(edge.to);
      } else if (component[edge.to] == kNone) {
        low[node] = std::min(low[node], order[edge.to]);
      }
    }
  }
  return component;
}

bool Graph::has_path(std::size_t from, std::size_t to, const Kinds& allowed) const {
  std::vector<bool> seen(size(), false);
  std::vector<std::size_t> next{from};
  while (!next.empty()) {
    const std::size_t node = next.back();
    next.pop_back();
    if (node == to) return true;
    if (seen[node]) continue;
    seen[node] = true;
    for (const Edge& edge : edges_[node]) {
      if (allowed[static_cast<std::size_t>(edge.kind)]) next.push_back(edge.to);
    }
  }
  return false;
}

class Search {
 public:
  Search(const History& history, const std::map<Key, std::vector<Element>>& final)
      : history_(history), final_(final), graph_(history.size()) {}

  std::vector<std::string> run() {
    find_writers();
    check_values();
    add_dependencies();
    add_real_time();
    name_cycles("", false);
    if (anomalies_.empty()) name_cycles("-realtime", true);
    return {anomalies_.begin(), anomalies_.end()};
  }

 private:
  void report(const std::string& name, const std::string& what) {
    if (named_.insert(name).second) anomalies_.push_back(name + ": " + what);
  }
  static std::string about(const Key& key, Element element) {
    return key + " " + std::to_string(element);
  }

  void find_writers() {
    for (std::size_t i = 0; i < history_.size(); ++i) {
      for (const auto& [key, element] : history_[i].appends) writers_[{key, element}] = i;
    }
  }

  /// The last state of a list tells the order of its writes: lists only grow.
  [[nodiscard]] const std::vector<Element>& versions(const Key& key) const {
    static const std::vector<Element> kNothing;
    const auto found = final_.find(key);
    return found == final_.end() ? kNothing : found->second;
  }

  void check_values() {
    for (const auto& [key, list] : final_) {
      std::set<Element> seen;
      for (const Element element : list) {
        if (!seen.insert(element).second) report("duplicate", about(key, element));
        const auto writer = writers_.find({key, element});
        if (writer == writers_.end() || !history_[writer->second].is_committed) {
          report("G1a", about(key, element) + " stayed, though nobody committed it");
        }
      }
    }
    for (const Transaction& transaction : history_) {
      for (const auto& [key, list] : transaction.reads) {
        const auto& all = versions(key);
        for (const Element element : list) {
          const auto writer = writers_.find({key, element});
          if (writer == writers_.end() || !history_[writer->second].is_committed) {
            report("G1a", about(key, element) + " was seen, though nobody committed it");
          }
        }
        if (list.size() > all.size() || !std::equal(list.begin(), list.end(), all.begin())) {
          report("incompatible order", key);
        }
      }
      if (!transaction.is_committed) continue;
      for (const auto& [key, element] : transaction.appends) {
        const auto& all = versions(key);
        if (std::find(all.begin(), all.end(), element) == all.end()) {
          report("lost update", about(key, element));
        }
      }
    }
  }

  [[nodiscard]] std::optional<std::size_t> writer_of(const Key& key, std::size_t version) const {
    const auto& all = versions(key);
    if (version >= all.size()) return std::nullopt;
    const auto found = writers_.find({key, all[version]});
    return found == writers_.end() ? std::nullopt : std::optional(found->second);
  }

  void add_dependencies() {
    for (const auto& [key, list] : final_) {
      for (std::size_t i = 0; i + 1 < list.size(); ++i) {
        const auto from = writer_of(key, i);
        const auto to = writer_of(key, i + 1);
        if (from && to) graph_.add(*from, *to, EdgeKind::kWriteWrite);
      }
    }
    for (std::size_t reader = 0; reader < history_.size(); ++reader) {
      for (const auto& [key, list] : history_[reader].reads) {
        if (!list.empty()) {
          const auto seen = writer_of(key, list.size() - 1);
          if (seen) graph_.add(*seen, reader, EdgeKind::kWriteRead);
        }
        const auto next = writer_of(key, list.size());
        if (next) graph_.add(reader, *next, EdgeKind::kReadWrite);
      }
    }
  }

  void add_real_time() {
    struct Moment {
      std::uint64_t time;
      bool is_end;
      std::size_t transaction;
    };
    std::vector<Moment> moments;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      moments.push_back({history_[i].begun, false, i});
      moments.push_back({history_[i].ended, true, i});
    }
    std::sort(moments.begin(), moments.end(),
              [](const Moment& a, const Moment& b) { return a.time < b.time; });
    std::optional<std::size_t> last;
    for (const Moment& moment : moments) {
      if (!history_[moment.transaction].is_committed) continue;
      if (!moment.is_end) {
        if (last) graph_.add(*last, moment.transaction, EdgeKind::kRealTime);
        continue;
      }
      const std::size_t node = graph_.add_node();
      if (last) graph_.add(*last, node, EdgeKind::kRealTime);
      graph_.add(moment.transaction, node, EdgeKind::kRealTime);
      last = node;
    }
  }

  /// Names the weakest cycles there are: fewer kinds of edges make the worse anomaly.
  void name_cycles(const std::string& suffix, bool with_time) {
    if (find_cycle({true, false, false, with_time})) {
      report("G0" + suffix, "writes that precede each other");
    } else if (find_cycle({true, true, false, with_time})) {
      report("G1c" + suffix, "transactions that saw each other's writes");
    } else if (find_cycle({true, true, true, with_time})) {
      name_antidependency(suffix, with_time);
    }
  }

  [[nodiscard]] bool find_cycle(const Kinds& allowed) const {
    const auto component = graph_.components(allowed);
    std::set<std::size_t> seen;
    return !std::all_of(component.begin(), component.end(),
                        [&](std::size_t one) { return seen.insert(one).second; });
  }

  void name_antidependency(const std::string& suffix, bool with_time) {
    const auto component = graph_.components({true, true, true, with_time});
    int searches = 0;
    for (std::size_t from = 0; from < history_.size(); ++from) {
      for (const Edge& edge : graph_.edges(from)) {
        if (edge.kind != EdgeKind::kReadWrite || component[from] != component[edge.to]) continue;
        if (++searches > kSearchesMax) return report("G2 or G-single" + suffix, "a large cycle");
        if (graph_.has_path(edge.to, from, {true, true, false, with_time})) {
          return report("G-single" + suffix, "a transaction that saw half of another");
        }
      }
    }
    report("G2" + suffix, "transactions that each overlooked the other");
  }

  const History& history_;
  const std::map<Key, std::vector<Element>>& final_;
  std::map<std::pair<Key, Element>, std::size_t> writers_;
  Graph graph_;
  std::set<std::string> named_;
  std::vector<std::string> anomalies_;
};

}  // namespace

std::vector<std::string> find_anomalies(const History& history,
                                        const std::map<Key, std::vector<Element>>& final) {
  return Search(history, final).run();
}

}  // namespace stator::dynamodb::testing
