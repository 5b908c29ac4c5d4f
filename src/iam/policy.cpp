#include "iam/policy.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/strings.hpp"
#include "iam/errors.hpp"
#include "iam/policy_elements.hpp"
#include "json/json.hpp"

namespace stator::iam {
namespace {

class StatementParser {
 public:
  StatementParser(const json::Object& source, PolicyKind kind, PolicyDialect dialect,
                  std::string where)
      : source_(source), kind_(kind), dialect_(dialect), where_(std::move(where)) {}

  Result<Statement> parse() {
    STATOR_TRY_VOID(check_names());
    STATOR_TRY_VOID(read_sid());
    STATOR_TRY_VOID(read_effect());
    STATOR_TRY_VOID(read_principals());
    STATOR_TRY_VOID(read_actions());
    STATOR_TRY_VOID(read_resources());
    if (const auto* condition = json::find(source_, "Condition")) {
      STATOR_TRY(statement_.conditions, parse_conditions(*condition, dialect_, where_));
    }
    return std::move(statement_);
  }

 private:
  [[nodiscard]] bool is_identity() const {
    return kind_ == PolicyKind::kInline || kind_ == PolicyKind::kManaged;
  }

  Result<void> check_names() const {
    static constexpr std::array<std::string_view, 10> kKnown{
        "Sid",         "Effect",    "Action",       "NotAction", "Resource",
        "NotResource", "Principal", "NotPrincipal", "Condition", ""};
    for (const auto& member : source_) {
      const std::string_view name(member.key().data(), member.key().size());
      if (name.empty() || std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
        return syntax_error(where_, "unknown element '" + std::string(name.substr(0, 64)) + "'");
      }
    }
    return {};
  }

  Result<void> read_sid() {
    const auto* sid = json::find(source_, "Sid");
    if (sid == nullptr) return {};
    if (!sid->is_string()) return syntax_error(where_, "Sid must be a string");
    statement_.sid = json::view(sid->get_string());
    if (kind_ == PolicyKind::kResource) return {};
    const bool is_plain = std::all_of(statement_.sid.begin(), statement_.sid.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    if (is_plain) return {};
    return malformed_policy(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
        "expression [0-9A-Za-z]*");
  }

  Result<void> read_effect() {
    const auto effect = json::find_string(source_, "Effect");
    if (effect == "Allow") {
      statement_.effect = Effect::kAllow;
    } else if (effect == "Deny") {
      statement_.effect = Effect::kDeny;
    } else {
      return syntax_error(where_, "Effect must be Allow or Deny");
    }
    return {};
  }

  /// The values of `name` or `Not<name>`, of which at most one may stand; null when neither does.
  Result<const json::Value*> either(std::string_view name, bool& is_not) const {
    const std::string not_name = "Not" + std::string(name);
    const auto* plain = json::find(source_, name);
    const auto* negated = json::find(source_, not_name);
    if (plain != nullptr && negated != nullptr) {
      return syntax_error(where_, std::string(name) + " and " + not_name + " exclude each other");
    }
    is_not = negated != nullptr;
    return is_not ? negated : plain;
  }

  Result<void> read_actions() {
    STATOR_TRY(const auto* value, either("Action", statement_.not_action));
    if (value == nullptr) return malformed_policy("Policy statement must contain actions.");
    STATOR_TRY(const auto actions, texts(*value, "Action"));
    if (actions.empty()) return malformed_policy("Policy statement must contain actions.");
    for (const auto action : actions) {
      if (auto fault = check_action(action, kind_ == PolicyKind::kTrust)) {
        return malformed_policy(*fault);
      }
      statement_.actions.emplace_back(action);
    }
    return {};
  }

  Result<void> read_resources() {
    STATOR_TRY(const auto* value, either("Resource", statement_.not_resource));
    if (kind_ == PolicyKind::kTrust) {
      if (value == nullptr) return {};
      return malformed_policy("Has prohibited field " +
                              std::string(statement_.not_resource ? "NotResource" : "Resource"));
    }
    if (value == nullptr) return malformed_policy("Policy statement must contain resources.");
    STATOR_TRY(const auto resources, texts(*value, "Resource"));
    if (resources.empty()) return malformed_policy("Policy statement must contain resources.");
    for (const auto resource : resources) {
      if (auto fault = check_resource(resource, dialect_)) return malformed_policy(*fault);
      statement_.resources.emplace_back(resource, dialect_ == PolicyDialect::k2012);
    }
    return {};
  }

  Result<void> read_principals() {
    STATOR_TRY(const auto* value, either("Principal", statement_.not_principal));
    if (is_identity()) {
      if (value == nullptr) return {};
      return malformed_policy("Policy document should not specify a principal.");
    }
    if (value == nullptr) return malformed_policy("Missing required field Principal");
    // It would grant to the whole world but a few, and is never what was meant.
    if (statement_.not_principal && statement_.effect == Effect::kAllow) {
      return malformed_policy("Allow with NotPrincipal is not supported.");
    }
    STATOR_TRY(statement_.principals, parse_principals(*value));
    return {};
  }

  /// A string or a list of strings.
  Result<std::vector<std::string_view>> texts(const json::Value& value,
                                              std::string_view name) const {
    std::vector<std::string_view> found;
    if (value.is_string()) {
      found.push_back(json::view(value.get_string()));
      return found;
    }
    if (value.is_array()) {
      for (const auto& item : value.get_array()) {
        if (!item.is_string()) {
          return syntax_error(where_, std::string(name) + " must hold strings only");
        }
        found.push_back(json::view(item.get_string()));
      }
      return found;
    }
    return syntax_error(where_, std::string(name) + " must be a string or a list of strings");
  }

  const json::Object& source_;
  PolicyKind kind_;
  PolicyDialect dialect_;
  std::string where_;
  Statement statement_;
};

Result<PolicyDialect> read_version(const json::Object& document, PolicyKind kind) {
  const auto* version = json::find(document, "Version");
  PolicyDialect dialect = PolicyDialect::k2008;
  if (version != nullptr) {
    if (!version->is_string()) return syntax_error("", "Version must be a string");
    const auto text = json::view(version->get_string());
    if (text == "2012-10-17") {
      dialect = PolicyDialect::k2012;
    } else if (text != "2008-10-17") {
      return syntax_error("", "Version must be 2012-10-17 or 2008-10-17");
    }
  }
  if (kind == PolicyKind::kManaged && dialect != PolicyDialect::k2012) {
    return malformed_policy("Policy document must be version 2012-10-17 or greater.");
  }
  return dialect;
}

Result<void> check_members(const json::Object& document) {
  for (const auto& member : document) {
    const std::string_view name(member.key().data(), member.key().size());
    if (name == "Version" || name == "Statement") continue;
    if (name == "Id" && member.value().is_string()) continue;
    return syntax_error("", "element '" + std::string(name.substr(0, 64)) + "'");
  }
  return {};
}

}  // namespace

Result<Policy> Policy::parse(std::string_view document, PolicyKind kind) {
  if (document.size() > kBytesMax) {
    return malformed_policy("This policy is longer than 131072 bytes");
  }
  const auto root = json::parse_object(document);
  if (!root) return malformed_policy("This policy contains invalid Json");
  STATOR_TRY_VOID(check_members(*root));
  STATOR_TRY(const auto dialect, read_version(*root, kind));

  const auto* source = json::find(*root, "Statement");
  if (source == nullptr) return syntax_error("", "Statement is missing");
  std::vector<const json::Value*> sources;
  if (source->is_array()) {
    for (const auto& item : source->get_array()) sources.push_back(&item);
  } else {
    sources.push_back(source);
  }
  if (sources.empty()) return syntax_error("", "Statement is empty");

  std::vector<Statement> statements;
  std::set<std::string> sids;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string where = "statement " + std::to_string(i + 1) + ": ";
    if (!sources[i]->is_object()) return syntax_error(where, "must be an object");
    StatementParser parser(sources[i]->get_object(), kind, dialect, where);
    STATOR_TRY(auto statement, parser.parse());
    if (!statement.sid.empty() && !sids.insert(statement.sid).second) {
      return malformed_policy("Statement IDs (SID) in a single policy must be unique.");
    }
    statements.push_back(std::move(statement));
  }
  return Policy(std::move(statements));
}

std::vector<std::string> Policy::context_keys() const {
  std::vector<std::string> keys;
  for (const auto& statement : statements_) {
    for (const auto& resource : statement.resources) resource.collect_keys(keys);
    for (const auto& condition : statement.conditions) condition.collect_keys(keys);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::size_t policy_size(std::string_view document) {
  return static_cast<std::size_t>(std::count_if(document.begin(), document.end(), [](char c) {
    return c != ' ' && c != '\t' && c != '\n' && c != '\r';
  }));
}

}  // namespace stator::iam
