#pragma once

#include <string>
#include <string_view>

#include "s3/objects.hpp"

namespace stator::s3 {

/// The least record key of all objects whose keys start with `prefix`.
[[nodiscard]] std::string first_with_prefix(std::string_view base, std::string_view prefix);

/// A page of the objects whose records lie under `base`. InvalidArgument for a token that
/// list_objects() did not give.
[[nodiscard]] Result<Listing> list_objects(storage::Store& store, std::string_view base,
                                           const ListQuery& query);

/// Where the records of one bucket lie.
struct VersionRecords {
  std::string current;
  std::string others;
};
/// A page of all versions and delete markers, the newest of a key first.
[[nodiscard]] Result<VersionsListing> list_versions(storage::Store& store,
                                                    const VersionRecords& records,
                                                    const VersionsQuery& query);

}  // namespace stator::s3
