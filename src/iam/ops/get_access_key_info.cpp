#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/ops/sts_shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

Result<std::string> read_key_id(const aws::Input& input) {
  constexpr std::size_t kMin = 16, kMax = 128;
  STATOR_TRY(auto id, input.required_text("AccessKeyId"));
  if (id.size() >= kMin && id.size() <= kMax) return id;
  return constraint_error(id, "AccessKeyId",
                          id.size() < kMin ? "Member must have length greater than or equal to 16"
                                           : "Member must have length less than or equal to 128");
}

}  // namespace

/// As on AWS, the answer says nothing about whether there is such a key: the id itself carries the
/// account. Keys with ids of another make are looked up.
aws::Operation get_access_key_info(Identity& identity) {
  return aws::Operation::json(
      "GetAccessKeyInfo", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"sts:GetAccessKeyInfo", "*"}};
      },
      [&identity](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"AccessKeyId"}));
        STATOR_TRY(const auto id, read_key_id(input));
        std::optional<std::string> account;
        if (id == identity.root_credentials().access_key_id.value) account = identity.account();
        STATOR_TRY(const auto key, identity.records().find_access_key(id));
        if (key) account = key->account;
        if (!account) account = account_of_access_key_id(id);
        if (!account) return validation_error("Access key id " + id + " belongs to no account.");
        return json::Object{{"Account", *account}};
      });
}

}  // namespace stator::iam::ops
