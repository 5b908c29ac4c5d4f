#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "aws/operation.hpp"
#include "aws/path_template.hpp"
#include "http/message.hpp"

namespace stator::aws {

/// Which operation of which service a request names.
struct Target {
  const Service* service = nullptr;  ///< never null; where none fits, one that only has a protocol
  const Operation* operation = nullptr;  ///< null when the service has none of that name
  const PathTemplate* path = nullptr;    ///< of the rest protocols, when there is an operation
  /// The path that names bucket and key where the Host header names the bucket, else "".
  std::string virtual_path = {};
  std::string wanted = {};  ///< what the client asked for, when there is no operation

  /// What `path` is to be matched with.
  [[nodiscard]] std::string_view path_of(const http::Request& request) const {
    return virtual_path.empty() ? request.path() : virtual_path;
  }
};

/// Finds services and operations without building anything per request. Immutable after its
/// construction, which throws BugError for two operations that one request could name.
class ServiceIndex {
 public:
  /// `services` must outlive the index and stay where they are.
  explicit ServiceIndex(const std::vector<Service>& services);

  /// By the credential scope's service; where the request is not signed, by X-Amz-Target, by Action
  /// and Version, or by path.
  [[nodiscard]] Target find(const http::Request& request) const;
  /// By name; both null when there is none.
  [[nodiscard]] Target find(std::string_view signing_name, std::string_view operation) const;

 private:
  struct Route {
    const Operation* operation;
    const ByPath* by_path;
    PathTemplate path;
  };
  struct Entry {
    const Service* service;
    std::unordered_map<std::string_view, const Operation*> by_name;
    std::vector<Route> routes;  ///< the most specific first
  };

  [[nodiscard]] const Entry* entry_of(const http::Request& request) const;
  [[nodiscard]] const Entry* unsigned_entry_of(const http::Request& request) const;
  [[nodiscard]] static const Route* route_of(const Entry& entry, const http::Request& request,
                                             std::string_view path);
  [[nodiscard]] static Target target_of(const Entry& entry, const http::Request& request);

  std::vector<Entry> entries_;
  Service stranger_json_, stranger_query_, stranger_rest_;
};

}  // namespace stator::aws
