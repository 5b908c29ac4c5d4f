#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

aws::Operation decode_authorization_message(Identity& identity) {
  return aws::Operation::json(
      "DecodeAuthorizationMessage", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"sts:DecodeAuthorizationMessage", "*"}};
      },
      [&identity](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        constexpr std::size_t kEncodedMax = 10'240;
        STATOR_TRY_VOID(input.allow_only({"EncodedMessage"}));
        STATOR_TRY(const auto encoded, input.required_text("EncodedMessage"));
        if (encoded.size() > kEncodedMax) {
          return constraint_error(encoded, "EncodedMessage",
                                  "Member must have length less than or equal to 10240");
        }
        const auto message = identity.sessions().open_message(encoded);
        if (message) return json::Object{{"DecodedMessage", *message}};
        return Error{ErrorCode::kInvalid, "Message is not valid",
                     "InvalidAuthorizationMessageException"};
      });
}

}  // namespace stator::iam::ops
