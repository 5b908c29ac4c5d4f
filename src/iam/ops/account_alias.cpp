#include <algorithm>

#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

bool is_alias(std::string_view text) {
  const auto is_alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.size() < 3 || text.size() > 63) return false;
  if (!is_alnum(text.front()) || !is_alnum(text.back())) return false;
  return text.find("--") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_alnum(c) || c == '-'; });
}

Result<std::string> read_alias(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"AccountAlias"}));
  STATOR_TRY(const auto alias, input.text("AccountAlias"));
  if (!alias) return constraint_error("AccountAlias", "Member must not be null");
  if (is_alias(*alias)) return *alias;
  return constraint_error("AccountAlias",
                          "Member must satisfy regular expression pattern: "
                          "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$");
}

}  // namespace

/// An account has one alias; a new one takes the old one's place.
aws::Operation create_account_alias(Identity& identity) {
  return aws::Operation::json(
      "CreateAccountAlias", aws::ByName{}, account_needs("iam:CreateAccountAlias"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto alias, read_alias(input));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto current, identity.records().find_alias(call.account));
        if (current == alias) {
          return entity_already_exists("The account alias " + alias + " already exists.");
        }
        STATOR_TRY_VOID(identity.records().put_alias(call.account, alias));
        return json::Object();
      });
}

aws::Operation list_account_aliases(Identity& identity) {
  return aws::Operation::json(
      "ListAccountAliases", aws::ByName{}, account_needs("iam:ListAccountAliases"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"Marker", "MaxItems"}));
        STATOR_TRY(const auto alias, identity.records().find_alias(call.account));
        PageItems items;
        if (alias) items.emplace_back(*alias, json::Value(*alias));
        return page_of(input, "AccountAliases", std::move(items));
      });
}

aws::Operation delete_account_alias(Identity& identity) {
  return aws::Operation::json(
      "DeleteAccountAlias", aws::ByName{}, account_needs("iam:DeleteAccountAlias"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto alias, read_alias(input));
        const auto lock = identity.records().lock();
        STATOR_TRY(const auto current, identity.records().find_alias(call.account));
        if (current != alias) {
          return no_such_entity("The account alias with name " + alias + " cannot be found.");
        }
        STATOR_TRY_VOID(identity.records().put_alias(call.account, std::nullopt));
        return json::Object();
      });
}

}  // namespace stator::iam::ops
