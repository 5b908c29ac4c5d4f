#include "aws/audit.hpp"

namespace stator::aws {

bool is_management(const Service& service, const Operation& operation) {
  if (operation.name() == "PutLogEvents") return false;
  if (operation.is_json()) return true;
  // S3 writes its own XML, so even its control plane is raw; what works on buckets says so.
  return service.protocol == Protocol::kRestXml &&
         operation.name().find("Bucket") != std::string::npos;
}

}  // namespace stator::aws
