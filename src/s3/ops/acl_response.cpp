#include "s3/ops/acl_response.hpp"

#include "crypto/crypto.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {

http::Response acl_response(std::string_view account) {
  // Accounts have sixty-four hex digits that stand for them here.
  const auto id = crypto::sha256_hex("canonical user of " + std::string(account));
  XmlDocument xml("AccessControlPolicy");
  xml.open("Owner");
  xml.element("ID", id);
  xml.close("Owner");
  xml.open("AccessControlList");
  xml.open("Grant");
  xml.raw(
      "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:type=\"CanonicalUser\"><ID>" +
      id + "</ID></Grantee>");
  xml.element("Permission", "FULL_CONTROL");
  xml.close("Grant");
  xml.close("AccessControlList");
  return std::move(xml).finish();
}

}  // namespace stator::s3
