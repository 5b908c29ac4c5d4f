#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>

#include "storage/store.hpp"

namespace stator::storage {

/// "storage: STATUS" as kInternal.
[[nodiscard]] Error rocks_error(const rocksdb::Status& status);

/// An Iterator over one column family; `at` may be null.
[[nodiscard]] std::unique_ptr<Iterator> make_rocks_iterator(rocksdb::DB& database,
                                                            rocksdb::ColumnFamilyHandle* family,
                                                            Range range,
                                                            const rocksdb::Snapshot* at);

}  // namespace stator::storage
