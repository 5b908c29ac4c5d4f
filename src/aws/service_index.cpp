#include "aws/service_index.hpp"

#include <algorithm>

#include "aws/query_form.hpp"
#include "aws/sigv4.hpp"
#include "aws/virtual_host.hpp"
#include "base/check.hpp"

namespace stator::aws {
namespace {

constexpr std::string_view kTargetHeader = "x-amz-target";

/// "PREFIX" of "PREFIX.Name".
std::string_view prefix_of(std::string_view target) {
  const auto dot = target.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : target.substr(0, dot);
}

/// A query-protocol parameter from the body or, for a GET, from the query string.
std::string_view query_parameter(const http::Request& request, std::string_view name) {
  const std::string_view in_body = form_field(request.body, name);
  return in_body.empty() ? form_field(request.query(), name) : in_body;
}

bool has_query_key(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (pair.substr(0, pair.find('=')) == name) return true;
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return false;
}

bool is_rest(Protocol protocol) {
  return protocol == Protocol::kRestJson || protocol == Protocol::kRestXml;
}

bool is_query(Protocol protocol) {
  return protocol == Protocol::kQuery;
}

bool is_json(Protocol protocol) {
  return protocol == Protocol::kJson10 || protocol == Protocol::kJson11;
}

Service stranger(Protocol protocol) {
  Service service;
  service.protocol = protocol;
  return service;
}

}  // namespace

ServiceIndex::ServiceIndex(const std::vector<Service>& services)
    : stranger_json_(stranger(Protocol::kJson10)),
      stranger_query_(stranger(Protocol::kQuery)),
      stranger_rest_(stranger(Protocol::kRestJson)) {
  for (const Service& service : services) {
    Entry entry{&service, {}, {}};
    STATOR_CHECK(is_json(service.protocol) == !service.target_prefix.empty());
    for (const Operation& operation : service.operations) {
      STATOR_CHECK(entry.by_name.emplace(operation.name(), &operation).second);
      const auto* by_path = std::get_if<ByPath>(&operation.wire());
      STATOR_CHECK(is_rest(service.protocol) == (by_path != nullptr));
      STATOR_CHECK(service.protocol != Protocol::kRestXml || !operation.is_json());
      if (by_path != nullptr) {
        entry.routes.push_back({&operation, by_path, PathTemplate(by_path->path)});
      }
    }
    std::stable_sort(entry.routes.begin(), entry.routes.end(), [](const Route& a, const Route& b) {
      const bool a_sub = !a.by_path->required_query.empty();
      const bool b_sub = !b.by_path->required_query.empty();
      if (a_sub != b_sub) return a_sub;
      return a.path.specificity() > b.path.specificity();
    });
    entries_.push_back(std::move(entry));
  }
}

const ServiceIndex::Entry* ServiceIndex::entry_of(const http::Request& request) const {
  const std::string_view scope = sigv4::scope_service(request);
  if (scope.empty()) return unsigned_entry_of(request);
  // Streams share DynamoDB's signing name, so the prefix decides between namesakes.
  const std::string_view prefix = prefix_of(request.headers.get(kTargetHeader));
  const Entry* namesake = nullptr;
  for (const Entry& entry : entries_) {
    if (entry.service->signing_name != scope) continue;
    if (entry.service->target_prefix == prefix) return &entry;
    if (namesake == nullptr) namesake = &entry;
  }
  return namesake;
}

const ServiceIndex::Entry* ServiceIndex::unsigned_entry_of(const http::Request& request) const {
  const std::string_view prefix = prefix_of(request.headers.get(kTargetHeader));
  if (!prefix.empty()) {
    for (const Entry& entry : entries_) {
      if (entry.service->target_prefix == prefix) return &entry;
    }
    return nullptr;
  }
  if (const std::string_view action = query_parameter(request, "Action"); !action.empty()) {
    const std::string_view version = query_parameter(request, "Version");
    for (const Entry& entry : entries_) {
      if (!is_query(entry.service->protocol)) continue;
      if (version.empty() ? entry.by_name.contains(action)
                          : entry.service->api_version == version) {
        return &entry;
      }
    }
    return nullptr;
  }
  // S3 takes nearly every path, so it is asked last.
  for (const Protocol protocol : {Protocol::kRestJson, Protocol::kRestXml}) {
    for (const Entry& entry : entries_) {
      if (entry.service->protocol == protocol &&
          route_of(entry, request, request.path()) != nullptr)
        return &entry;
    }
  }
  return nullptr;
}

const ServiceIndex::Route* ServiceIndex::route_of(const Entry& entry, const http::Request& request,
                                                  std::string_view path) {
  for (const Route& route : entry.routes) {
    if (route.by_path->method != request.method || !route.path.matches(path)) continue;
    const std::string& key = route.by_path->required_query;
    if (key.empty() || has_query_key(request.query(), key)) return &route;
  }
  return nullptr;
}

Target ServiceIndex::target_of(const Entry& entry, const http::Request& request) {
  Target target;
  target.service = entry.service;
  if (is_rest(entry.service->protocol)) {
    if (entry.service->protocol == Protocol::kRestXml) {
      const auto bucket = virtual_bucket(request.headers.get("host"));
      if (!bucket.empty()) target.virtual_path = "/" + bucket + std::string(request.path());
    }
    if (const Route* route = route_of(entry, request, target.path_of(request))) {
      target.operation = route->operation;
      target.path = &route->path;
    } else {
      target.wanted = request.method + " " + std::string(request.path());
    }
    return target;
  }
  std::string_view name;
  if (is_query(entry.service->protocol)) {
    name = query_parameter(request, "Action");
  } else {
    name = request.headers.get(kTargetHeader);
    const std::string_view prefix = prefix_of(name);
    if (!prefix.empty() && prefix == entry.service->target_prefix) {
      name.remove_prefix(prefix.size() + 1);
    }
  }
  const auto found = entry.by_name.find(name);
  if (found != entry.by_name.end()) {
    target.operation = found->second;
  } else {
    target.wanted = name;
  }
  return target;
}

Target ServiceIndex::find(const http::Request& request) const {
  const Entry* entry = entry_of(request);
  Target target = entry != nullptr ? target_of(*entry, request) : Target();
  if (target.operation != nullptr) return target;
  // A request that is one service's by all but its scope is that service's to refuse.
  const Entry* meant = unsigned_entry_of(request);
  if (meant != nullptr && meant->service->protocol != Protocol::kRestXml) {
    if (Target other = target_of(*meant, request); other.operation != nullptr) return other;
  }
  if (entry != nullptr) return target;
  const std::string_view scope = sigv4::scope_service(request);
  target.wanted = scope.empty() ? request.method + " " + std::string(request.path())
                                : "the service '" + std::string(scope) + "'";
  if (request.headers.find(kTargetHeader)) {
    target.service = &stranger_json_;
  } else if (!query_parameter(request, "Action").empty()) {
    target.service = &stranger_query_;
  } else {
    target.service = &stranger_rest_;
  }
  return target;
}

Target ServiceIndex::find(std::string_view signing_name, std::string_view operation) const {
  Target target;
  for (const Entry& entry : entries_) {
    if (entry.service->signing_name != signing_name) continue;
    const auto found = entry.by_name.find(operation);
    if (found == entry.by_name.end()) continue;
    target.service = entry.service;
    target.operation = found->second;
    break;
  }
  return target;
}

}  // namespace stator::aws
