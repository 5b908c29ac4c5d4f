#include "iam/usage.hpp"

#include <algorithm>
#include <atomic>
#include <functional>

#include "base/file.hpp"
#include "json/json.hpp"

namespace stator::iam {
namespace {

/// A power of two; a table is gathered when a search in it gets long.
constexpr std::size_t kSlots = 512, kProbesMax = 8;

std::size_t hash_of(const UseView& use) {
  const std::hash<std::string_view> hash;
  std::size_t value = hash(use.entity);
  for (const std::string_view part : {use.action, use.resource, use.passed_to}) {
    value = (value ^ hash(part)) * 0x9e3779b97f4a7c15U;
  }
  return value ^ (value >> 29);
}

/// A number of its own for each thread, from 0 on.
std::size_t thread_number() {
  static std::atomic<std::size_t> count = 0;
  thread_local const std::size_t mine = count++;
  return mine;
}

/// What both begin with, up to a separator, so that no name is cut.
std::string_view common_prefix(std::string_view left, std::string_view right) {
  const auto end = std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first;
  left = left.substr(0, static_cast<std::size_t>(end - left.begin()));
  const auto separator = left.find_last_of("/:");
  return separator == std::string_view::npos ? std::string_view() : left.substr(0, separator + 1);
}

}  // namespace

struct alignas(64) Usage::Table {
  struct Slot {
    std::size_t hash = 0;
    std::string entity, action, resource, passed_to;  // entity "" when the slot is free
    Seen seen;

    [[nodiscard]] bool holds(std::size_t wanted, const UseView& use) const {
      return hash == wanted && resource == use.resource && action == use.action &&
             entity == use.entity && passed_to == use.passed_to;
    }
  };
  std::mutex mutex;
  std::vector<Slot> slots;  // none until the first use
  bool is_used = false;
};

Usage::Usage() {
  for (auto& table : tables_) table = std::make_unique<Table>();
}

Usage::~Usage() = default;

void Usage::note(const UseView& use, WallTime now) {
  const std::size_t hash = hash_of(use);
  Table& table = *tables_[thread_number() % kTables];
  const std::lock_guard lock(table.mutex);
  if (table.slots.empty()) table.slots.resize(kSlots);
  table.is_used = true;
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (std::size_t probe = 0; probe < kProbesMax; ++probe) {
      Table::Slot& slot = table.slots[(hash + probe) % kSlots];
      if (slot.holds(hash, use)) {
        ++slot.seen.count;
        slot.seen.last = now;
        return;
      }
      if (!slot.entity.empty()) continue;
      slot = {.hash = hash,
              .entity = std::string(use.entity),
              .action = std::string(use.action),
              .resource = std::string(use.resource),
              .passed_to = std::string(use.passed_to),
              .seen = {.count = 1, .last = now}};
      return;
    }
    gather_table(table);  // makes room
    table.is_used = true;
  }
}

void Usage::gather_table(Table& table) {
  if (!std::exchange(table.is_used, false)) return;
  const std::lock_guard lock(mutex_);
  for (Table::Slot& slot : table.slots) {
    if (slot.entity.empty()) continue;
    add(slot.entity, slot.action, {std::move(slot.resource), std::move(slot.passed_to)}, slot.seen);
    slot = {};
  }
  is_changed_ = true;
}

void Usage::add(std::string_view entity, const std::string& action, Target target,
                const Seen& seen) {
  auto actions = entities_.find(entity);
  if (actions == entities_.end()) {
    if (entities_.size() == kEntitiesMax) {
      dropped_ += seen.count;
      return;
    }
    actions = entities_.emplace(std::string(entity), Actions()).first;
  }
  auto targets = actions->second.find(action);
  if (targets == actions->second.end()) {
    if (actions->second.size() == kActionsMax) {
      dropped_ += seen.count;
      return;
    }
    targets = actions->second.emplace(action, Targets()).first;
  }
  Targets& known = targets->second;
  const auto remember = [](Seen& into, const Seen& more) {
    into.count += more.count;
    into.last = std::max(into.last, more.last);
  };
  for (auto& [wide, into] : known) {
    if (wide.is_prefix && wide.passed_to == target.passed_to &&
        target.resource.starts_with(wide.resource)) {
      return remember(into, seen);
    }
  }
  remember(known[target], seen);
  if (known.size() <= kResourcesMax) return;
  Target joined{known.begin()->first.resource, target.passed_to, true};
  Seen all;
  for (const auto& [one, into] : known) {
    joined.resource = std::string(common_prefix(joined.resource, one.resource));
    remember(all, into);
  }
  known.clear();
  known.emplace(std::move(joined), all);
}

bool Usage::gather() {
  for (auto& table : tables_) {
    const std::lock_guard lock(table->mutex);
    gather_table(*table);
  }
  const std::lock_guard lock(mutex_);
  return is_changed_;
}

std::vector<Use> Usage::of(std::string_view entity, WallTime since) {
  (void)gather();
  const std::lock_guard lock(mutex_);
  std::vector<Use> uses;
  const auto actions = entities_.find(entity);
  if (actions == entities_.end()) return uses;
  for (const auto& [action, targets] : actions->second) {
    for (const auto& [target, seen] : targets) {
      if (seen.last < since) continue;
      uses.push_back(
          {action, target.resource, target.passed_to, target.is_prefix, seen.count, seen.last});
    }
  }
  return uses;
}

std::uint64_t Usage::dropped() {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

Result<void> Usage::save(const std::filesystem::path& file) {
  (void)gather();
  json::Array uses;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [entity, actions] : entities_) {
      for (const auto& [action, targets] : actions) {
        for (const auto& [target, seen] : targets) {
          json::Object use{{"entity", entity},
                           {"action", action},
                           {"resource", target.resource},
                           {"count", seen.count},
                           {"last", epoch_ms(seen.last)}};
          if (!target.passed_to.empty()) use["passedTo"] = target.passed_to;
          if (target.is_prefix) use["isPrefix"] = true;
          uses.push_back(std::move(use));
        }
      }
    }
    is_changed_ = false;
  }
  auto written =
      write_file_durably(file, json::dump(json::Object{{"uses", std::move(uses)}}), 0600);
  if (!written) {
    const std::lock_guard lock(mutex_);
    is_changed_ = true;
  }
  return written;
}

Result<void> Usage::load(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text && text.error().code == ErrorCode::kNotFound) return {};
  if (!text) return text.error();
  STATOR_TRY(const json::Object document, json::parse_object(*text));
  const json::Value* uses = json::find(document, "uses");
  if (uses == nullptr || !uses->is_array()) return invalid(file.string() + " holds no uses");
  for (const json::Value& use : uses->get_array()) {
    if (!use.is_object()) return invalid(file.string() + " holds a use that is none");
  }
  const std::lock_guard lock(mutex_);
  for (const json::Value& value : uses->get_array()) {
    const json::Object& use = value.get_object();
    const auto text_of = [&](std::string_view name) {
      return json::find_string(use, name).value_or("");
    };
    const auto count = json::find_int(use, "count").value_or(1);
    add(text_of("entity"), text_of("action"),
        {text_of("resource"), text_of("passedTo"),
         json::find_bool(use, "isPrefix").value_or(false)},
        {static_cast<std::uint64_t>(std::max<std::int64_t>(count, 1)),
         from_epoch_ms(json::find_int(use, "last").value_or(0))});
  }
  return {};
}

}  // namespace stator::iam
