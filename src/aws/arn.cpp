#include "aws/arn.hpp"

#include <array>

namespace stator::aws {

std::string Arn::to_string() const {
  std::string text;
  text.reserve(partition.size() + service.size() + region.size() + account.size() +
               resource.size() + 8);
  text += "arn:";
  for (const std::string* part : {&partition, &service, &region, &account}) {
    text += *part;
    text += ':';
  }
  return text += resource;
}

Result<Arn> Arn::parse(std::string_view text) {
  std::array<std::string_view, 5> head;
  std::string_view rest = text;
  for (std::string_view& part : head) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return invalid("Invalid ARN: " + std::string(text));
    part = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  if (head[0] != "arn" || head[1].empty() || head[2].empty() || rest.empty()) {
    return invalid("Invalid ARN: " + std::string(text));
  }
  return Arn{std::string(head[1]), std::string(head[2]), std::string(head[3]), std::string(head[4]),
             std::string(rest)};
}

std::string make_arn(std::string_view service, std::string_view region, std::string_view account,
                     std::string_view resource) {
  std::string text = "arn:aws:";
  text.reserve(text.size() + service.size() + region.size() + account.size() + resource.size() + 3);
  text.append(service).append(":").append(region).append(":").append(account).append(":");
  return text.append(resource);
}

}  // namespace stator::aws
