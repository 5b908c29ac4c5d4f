#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "iam/evaluator.hpp"
#include "json/json.hpp"

/// Random policies over a small world, judged by the evaluator and by a second one that is as plain
/// as the rules themselves.
namespace stator::iam {
namespace {

struct Plain {
  bool is_allow = true;
  bool not_action = false;
  bool not_resource = false;
  bool has_condition = false;
  std::vector<std::string> actions;
  std::vector<std::string> resources;
};

bool plain_wildcard(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return plain_wildcard(pattern.substr(1), text) ||
           (!text.empty() && plain_wildcard(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
         plain_wildcard(pattern.substr(1), text.substr(1));
}

std::vector<std::string> arn_parts(std::string_view text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':' && parts.size() < 6) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

bool plain_resource(const std::string& pattern, const std::string& resource) {
  if (pattern == "*") return true;
  auto wanted = arn_parts(pattern);
  const auto given = arn_parts(resource);
  if (given.size() < 6) return false;
  wanted.resize(6, "*");
  for (std::size_t i = 0; i < 6; ++i) {
    if (!plain_wildcard(wanted[i], given[i])) return false;
  }
  return true;
}

bool plain_match(const Plain& s, const std::string& action, const std::string& resource) {
  bool hits_action = false, hits_resource = false;
  for (const auto& pattern : s.actions) hits_action |= plain_wildcard(pattern, action);
  for (const auto& pattern : s.resources) hits_resource |= plain_resource(pattern, resource);
  return hits_action != s.not_action && hits_resource != s.not_resource;
}

Decision plain_decision(const std::vector<Plain>& statements, const std::string& action,
                        const std::string& resource) {
  bool is_allowed = false;
  for (const auto& s : statements) {
    if (s.has_condition || !plain_match(s, action, resource)) continue;
    if (!s.is_allow) return Decision::kExplicitDeny;
    is_allowed = true;
  }
  return is_allowed ? Decision::kAllow : Decision::kImplicitDeny;
}

std::vector<NamedPolicy> compile(const std::vector<Plain>& statements) {
  std::vector<NamedPolicy> policies;
  for (const auto& s : statements) {
    json::Array actions, resources;
    for (const auto& action : s.actions) actions.emplace_back(action);
    for (const auto& resource : s.resources) resources.emplace_back(resource);
    json::Object statement{{"Effect", s.is_allow ? "Allow" : "Deny"}};
    statement[s.not_action ? "NotAction" : "Action"] = std::move(actions);
    statement[s.not_resource ? "NotResource" : "Resource"] = std::move(resources);
    if (s.has_condition) {
      statement["Condition"] = json::Object{{"Bool", json::Object{{"aws:x", "true"}}}};
    }
    const json::Object document{{"Version", "2012-10-17"}, {"Statement", statement}};
    auto policy = Policy::parse(json::dump(document), PolicyKind::kInline);
    RC_ASSERT(policy.has_value());
    policies.push_back({"p", *std::move(policy)});
  }
  return policies;
}

rc::Gen<std::string> gen_action(bool is_pattern) {
  const auto letters = is_pattern ? rc::gen::elementOf(std::string("abab*?"))
                                  : rc::gen::elementOf(std::string("ab"));
  return rc::gen::map(rc::gen::pair(rc::gen::element<std::string>("s", "t"),
                                    rc::gen::nonEmpty(rc::gen::container<std::string>(letters))),
                      [](const std::pair<std::string, std::string>& parts) {
                        return parts.first + ":" + parts.second;
                      });
}

rc::Gen<std::string> gen_resource() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::element<std::string>("", "r", "rr"),
                     rc::gen::element<std::string>("", "1", "11"),
                     rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab/:")))),
      [](const std::tuple<std::string, std::string, std::string>& parts) {
        return "arn:aws:s:" + std::get<0>(parts) + ":" + std::get<1>(parts) + ":" +
               std::get<2>(parts);
      });
}

rc::Gen<std::string> gen_resource_pattern() {
  const auto arn = rc::gen::map(
      rc::gen::tuple(rc::gen::element<std::string>("", "r", "*", "r*", "?"),
                     rc::gen::element<std::string>("", "1", "*", "1?"),
                     rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab/:*?*")))),
      [](const std::tuple<std::string, std::string, std::string>& parts) {
        return "arn:aws:s:" + std::get<0>(parts) + ":" + std::get<1>(parts) + ":" +
               std::get<2>(parts);
      });
  return rc::gen::oneOf(arn, arn, arn, rc::gen::just(std::string("*")),
                        rc::gen::element<std::string>("arn:aws:s", "arn:aws:s:r", "arn:aws:s:*",
                                                      "arn:*:s:r:*", "arn:aws:t:::*"));
}

rc::Gen<Plain> gen_statement() {
  using rc::gen::set;
  return rc::gen::build<Plain>(
      set(&Plain::is_allow), set(&Plain::not_action), set(&Plain::not_resource),
      set(&Plain::has_condition),
      set(&Plain::actions,
          rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(gen_action(true)))),
      set(&Plain::resources,
          rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(gen_resource_pattern()))));
}

RC_GTEST_PROP(EvaluatorProperty, AgreesWithThePlainOne, ()) {
  const auto statements = *rc::gen::resize(
      4, rc::gen::container<std::vector<Plain>>(rc::gen::resize(4, gen_statement())));
  const auto action = *rc::gen::resize(4, gen_action(false));
  const auto resource = *rc::gen::resize(6, gen_resource());
  const auto verdict = evaluate(compile(statements), Access(action, resource), GivenContext());
  RC_CLASSIFY(verdict.decision == Decision::kAllow, "allowed");
  RC_ASSERT(verdict.decision == plain_decision(statements, action, resource));
}

RC_GTEST_PROP(EvaluatorProperty, NeverAllowsMoreForAnotherDeny, ()) {
  const auto statements = *rc::gen::resize(
      4, rc::gen::container<std::vector<Plain>>(rc::gen::resize(4, gen_statement())));
  auto deny = *rc::gen::resize(4, gen_statement());
  deny.is_allow = false;
  const auto action = *rc::gen::resize(4, gen_action(false));
  const auto resource = *rc::gen::resize(6, gen_resource());
  auto more = statements;
  more.insert(more.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(more) + 1), deny);
  const Access access(action, resource);
  const auto before = evaluate(compile(statements), access, GivenContext()).decision;
  const auto after = evaluate(compile(more), access, GivenContext()).decision;
  RC_ASSERT(after == before || after == Decision::kExplicitDeny);
}

RC_GTEST_PROP(EvaluatorProperty, NeverAllowsMoreForAnotherCondition, ()) {
  auto statements = *rc::gen::nonEmpty(rc::gen::resize(
      4, rc::gen::container<std::vector<Plain>>(rc::gen::resize(4, gen_statement()))));
  const auto action = *rc::gen::resize(4, gen_action(false));
  const auto resource = *rc::gen::resize(6, gen_resource());
  const Access access(action, resource);
  const auto before = evaluate(compile(statements), access, GivenContext()).decision;
  auto& changed = statements[*rc::gen::inRange<std::size_t>(0, statements.size())];
  RC_PRE(changed.is_allow);
  changed.has_condition = true;
  const auto after = evaluate(compile(statements), access, GivenContext()).decision;
  RC_ASSERT(after != Decision::kAllow || before == Decision::kAllow);
}

}  // namespace
}  // namespace stator::iam
