#pragma once

#include <string_view>

#include "s3/objects.hpp"

namespace stator::s3 {

/// A page of the objects whose records lie under `base`. InvalidArgument for a token that
/// list_objects() did not give.
[[nodiscard]] Result<Listing> list_objects(storage::Store& store, std::string_view base,
                                           const ListQuery& query);

}  // namespace stator::s3
