#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

struct Nothing {
  std::string_view name;  ///< of the operation
  std::string_view list;
};

/// Of a user.
constexpr Nothing kOfUsers[] = {
    {"ListMFADevices", "MFADevices"},
    {"ListSigningCertificates", "Certificates"},
    {"ListSSHPublicKeys", "SSHPublicKeys"},
    {"ListServiceSpecificCredentials", "ServiceSpecificCredentials"},
};

/// Of an account. ListSAMLProviders has no pages.
constexpr Nothing kOfAccounts[] = {
    {"ListVirtualMFADevices", "VirtualMFADevices"},
    {"ListServerCertificates", "ServerCertificateMetadataList"},
    {"ListSAMLProviders", "SAMLProviderList"},
};

aws::Operation of_user(Identity& identity, const Nothing& nothing) {
  const std::string name(nothing.name);
  return aws::Operation::json(
      name, aws::ByName{}, own_user_needs(identity, "iam:" + name),
      [&identity, list = nothing.list](aws::Call& call,
                                       const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName", "ServiceName", "Marker", "MaxItems"}));
        STATOR_TRY([[maybe_unused]] const auto user, read_own_user(identity, call, input));
        return page_of(input, list, {});
      });
}

aws::Operation of_account(const Nothing& nothing) {
  const std::string name(nothing.name);
  return aws::Operation::json(
      name, aws::ByName{}, account_needs("iam:" + name),
      [list = nothing.list](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"AssignmentStatus", "PathPrefix", "Marker", "MaxItems"}));
        return page_of(input, list, {});
      });
}

/// A user has no password: what asks for one, or takes it away, hears so.
aws::Operation no_login_profile(Identity& identity, const std::string& name) {
  return aws::Operation::json(
      name, aws::ByName{}, own_user_needs(identity, "iam:" + name),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"UserName"}));
        STATOR_TRY(const auto user, read_own_user(identity, call, input));
        return no_such_entity("Login Profile for User " + user.name + " cannot be found.");
      });
}

}  // namespace

std::vector<aws::Operation> list_nothing(Identity& identity) {
  std::vector<aws::Operation> all;
  for (const auto& nothing : kOfUsers) all.push_back(of_user(identity, nothing));
  for (const auto& nothing : kOfAccounts) all.push_back(of_account(nothing));
  all.push_back(no_login_profile(identity, "GetLoginProfile"));
  all.push_back(no_login_profile(identity, "DeleteLoginProfile"));
  return all;
}

}  // namespace stator::iam::ops
