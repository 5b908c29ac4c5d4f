#include "iam/denial.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/time_format.hpp"

namespace stator::iam {
namespace {

/// What is kept of a key's values: many denials are remembered.
constexpr std::size_t kValuesMax = 16, kValueBytesMax = 256;

/// Passes every question on and remembers it.
class ListeningContext final : public Context {
 public:
  explicit ListeningContext(const Context& context) : context_(context) {}
  const ConditionValues* find(std::string_view lower_key) const override {
    const ConditionValues* values = context_.find(lower_key);
    if (!asked_.contains(lower_key)) {
      asked_.emplace(lower_key, values != nullptr ? std::optional(*values) : std::nullopt);
    }
    return values;
  }
  [[nodiscard]] const auto& asked() const { return asked_; }

 private:
  const Context& context_;
  mutable std::map<std::string, std::optional<ConditionValues>, std::less<>> asked_;
};

/// Where a value is cut short: never within a character.
std::size_t cut_at(std::string_view value) {
  if (value.size() <= kValueBytesMax) return value.size();
  std::size_t end = kValueBytesMax;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80) --end;
  return end;
}

std::string shown(const ConditionValues& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size() && i < kValuesMax; ++i) {
    if (i > 0) text += ", ";
    text += values[i].substr(0, cut_at(values[i]));
  }
  return values.size() > kValuesMax ? text + ", ..." : text;
}

ConditionValues shortened(const ConditionValues& values) {
  ConditionValues kept(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(
                                                            std::min(values.size(), kValuesMax)));
  for (std::string& value : kept) value.resize(cut_at(value));
  return kept;
}

std::string to_text(const Misfit& misfit) {
  switch (misfit.part) {
    case Misfit::Part::kPrincipal:
      return "the principal does not match";
    case Misfit::Part::kAction:
      return "the action does not match";
    case Misfit::Part::kResource:
      return "the resource does not match";
    case Misfit::Part::kCondition:
      break;
  }
  const ConditionText& wanted = misfit.condition->text();
  std::string text = "the condition " + wanted.operation + " " + wanted.key + " [" +
                     shown(wanted.values) + "] does not hold: ";
  return text + (misfit.found ? "the request has [" + shown(*misfit.found) + "]"
                              : std::string("the request does not have this key"));
}

StatementPlace place_of(PolicyType type, std::string name, const Policy& policy,
                        const Statement& statement) {
  const auto index = &statement - policy.statements().data();
  return {.type = type,
          .policy = std::move(name),
          .number = static_cast<std::size_t>(index) + 1,
          .sid = statement.sid};
}

/// Whether an action misses by more than the operation: nothing of its service is named.
bool is_of_another_service(const Statement& statement, const Access& access) {
  if (statement.not_action) return false;
  const auto service = access.action_lower().substr(0, access.action_lower().find(':') + 1);
  return std::none_of(statement.actions.begin(), statement.actions.end(),
                      [&](const ActionPattern& pattern) { return pattern.is_of(service); });
}

/// Collects the statements that miss, nearest first.
class Search {
 public:
  Search(const Judged& judged, const Context& context) : judged_(judged), context_(context) {}

  void look_at(PolicyType type, const std::string& name, const Policy& policy) {
    for (const Statement& statement : policy.statements()) {
      if (statement.effect != Effect::kAllow) continue;
      const Caller* caller = type == PolicyType::kResource ? &judged_.voices.caller : nullptr;
      const auto misfits = explain_statement(statement, caller, judged_.access, context_);
      // One that applies trusts the account alone, or is not what kept the call from going on.
      if (misfits.empty()) continue;
      const bool is_action_wrong = misfits.front().part == Misfit::Part::kAction ||
                                   (misfits.size() > 1 && misfits[1].part == Misfit::Part::kAction);
      if (is_action_wrong && is_of_another_service(statement, judged_.access)) continue;
      Found found{misfits.size(), is_action_wrong, {}};
      found.miss.place = place_of(type, name, policy, statement);
      for (const Misfit& misfit : misfits) found.miss.misfits.push_back(to_text(misfit));
      found_.push_back(std::move(found));
    }
  }
  void look_at(PolicyType type, std::span<const NamedPolicy> policies) {
    for (const NamedPolicy& policy : policies) look_at(type, policy.name, policy.policy);
  }

  [[nodiscard]] std::vector<NearMiss> take() {
    std::stable_sort(found_.begin(), found_.end(), [](const Found& left, const Found& right) {
      return std::tie(left.count, left.is_action_wrong) <
             std::tie(right.count, right.is_action_wrong);
    });
    std::vector<NearMiss> nearest;
    for (Found& found : found_) {
      if (nearest.size() == Denial::kNearestMax || found.count > found_.front().count) break;
      nearest.push_back(std::move(found.miss));
    }
    return nearest;
  }

 private:
  struct Found {
    std::size_t count;
    bool is_action_wrong;
    NearMiss miss;
  };

  const Judged& judged_;
  const Context& context_;
  std::vector<Found> found_;
};

std::vector<NearMiss> find_nearest(const Judged& judged, const Context& context) {
  const Voices& voices = judged.voices;
  Search search(judged, context);
  switch (judged.outcome.type) {
    case PolicyType::kIdentity:
      search.look_at(PolicyType::kIdentity, voices.identity);
      break;
    case PolicyType::kBoundary:
      if (voices.boundary != nullptr) search.look_at(PolicyType::kBoundary, *voices.boundary);
      break;
    case PolicyType::kSession:
      if (voices.session != nullptr) search.look_at(PolicyType::kSession, *voices.session);
      break;
    case PolicyType::kResource:
      break;
  }
  if (voices.resource != nullptr) search.look_at(PolicyType::kResource, "", *voices.resource);
  return search.take();
}

json::Object to_json(const StatementPlace& place) {
  json::Object object{{"policyType", std::string(words_of(place.type))},
                      {"policy", place.policy},
                      {"statement", place.number}};
  if (!place.sid.empty()) object["sid"] = place.sid;
  return object;
}

}  // namespace

std::string StatementPlace::to_text() const {
  std::string text = "statement " + std::to_string(number);
  if (!sid.empty()) text += " (" + sid + ")";
  return text + (policy.empty() ? " of the resource's policy" : " of policy " + policy);
}

Denial describe_denial(const Judged& judged, std::string sentence, bool is_enforced) {
  const aws::Call& call = judged.call;
  const Outcome& outcome = judged.outcome;
  Denial denial{.request_id = call.request_id,
                .time = call.now,
                .principal = call.principal.arn,
                .owner = judged.entity != nullptr ? judged.entity->arn : std::string(),
                .action = std::string(judged.access.action()),
                .resource = std::string(judged.access.resource()),
                .sentence = std::move(sentence),
                .decision = outcome.decision,
                .type = outcome.type,
                .is_enforced = is_enforced};
  const ListeningContext context(judged.context);
  // Asked again only to hear which keys matter; the outcome is the same.
  (void)decide(judged.voices, judged.access, context);
  if (outcome.decision == Decision::kImplicitDeny) {
    denial.nearest = find_nearest(judged, context);
  } else if (const Statement* statement = outcome.verdict.statement) {
    if (outcome.verdict.policy != nullptr) {
      denial.decided_by = place_of(outcome.type, outcome.verdict.policy->name,
                                   outcome.verdict.policy->policy, *statement);
    } else if (judged.voices.resource != nullptr) {
      denial.decided_by = place_of(outcome.type, "", *judged.voices.resource, *statement);
    }
  }
  for (const auto& [name, values] : context.asked()) {
    denial.keys.emplace_back(name, values ? std::optional(shortened(*values)) : std::nullopt);
  }
  return denial;
}

std::string Denial::short_reason() const {
  if (decided_by) return decided_by->to_text() + " denies it";
  if (nearest.empty()) return "no statement comes near";
  std::string text = "nearest: " + nearest.front().place.to_text() + ": ";
  for (std::size_t i = 0; i < nearest.front().misfits.size(); ++i) {
    text += (i > 0 ? "; " : "") + nearest.front().misfits[i];
  }
  return text;
}

json::Object Denial::to_json() const {
  json::Object object{
      {"requestId", request_id},
      {"time", iso8601_ms(time)},
      {"principal", principal},
      {"owner", owner},
      {"action", action},
      {"resource", resource},
      {"message", sentence},
      {"decision", decision == Decision::kExplicitDeny ? "explicitDeny" : "implicitDeny"},
      {"policyType", std::string(words_of(type))},
      {"isEnforced", is_enforced},
      {"reason", short_reason()}};
  if (decided_by) object["decidedBy"] = iam::to_json(*decided_by);
  json::Array misses;
  for (const NearMiss& miss : nearest) {
    json::Object entry = iam::to_json(miss.place);
    entry["misfits"] = json::Array(miss.misfits.begin(), miss.misfits.end());
    misses.push_back(std::move(entry));
  }
  object["nearest"] = std::move(misses);
  json::Object asked;
  for (const auto& [name, values] : keys) {
    if (!values) {
      asked[name] = nullptr;
      continue;
    }
    asked[name] = json::Array(values->begin(), values->end());
  }
  object["conditionKeys"] = std::move(asked);
  return object;
}

}  // namespace stator::iam
