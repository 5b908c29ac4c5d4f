#include "s3/listing.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "s3/errors.hpp"
#include "storage/key.hpp"

namespace stator::s3 {
namespace {

// A token is one of these letters and the last key or common prefix of the page before.
constexpr char kAfterKey = 'k';
constexpr char kAfterPrefix = 'p';

/// Walks the records of one bucket and folds what lies beyond the delimiter.
class Lister {
 public:
  Lister(storage::Store& store, std::string_view base, const ListQuery& query)
      : base_(base),
        query_(query),
        records_(store.iterate(storage::Family::kMeta,
                               storage::prefix_range(first_with_prefix(base, query.prefix)))) {}

  Result<Listing> run() {
    records_->seek_first();
    if (!query_.start_after.empty()) skip_key(query_.start_after);
    if (query_.is_after_prefix) skip_prefix(query_.start_after);
    if (!query_.token.empty()) STATOR_TRY_VOID(skip_to_token());
    std::size_t count = 0;
    std::string last;
    for (; records_->valid(); ++count) {
      if (count == query_.max_keys) {
        if (count != 0) listing_.next_token = base64url_encode(last);
        break;
      }
      STATOR_TRY(last, take());
      listing_.last = last.substr(1);
    }
    STATOR_TRY_VOID(records_->status());
    return std::move(listing_);
  }

 private:
  void skip_key(std::string_view key) {
    std::string record(base_);
    storage::append_part(record, key);
    if (!records_->valid() || records_->key() > record) return;
    records_->seek(record);
    if (records_->valid() && records_->key() == record) records_->next();
  }

  void skip_prefix(std::string_view prefix) {
    const auto end = storage::prefix_range(first_with_prefix(base_, prefix)).end;
    if (records_->valid() && records_->key() < end) records_->seek(end);
  }

  Result<void> skip_to_token() {
    const auto token = base64url_decode(query_.token);
    if (token && !token->empty() && token->front() == kAfterKey) {
      skip_key(std::string_view(*token).substr(1));
    } else if (token && !token->empty() && token->front() == kAfterPrefix) {
      skip_prefix(std::string_view(*token).substr(1));
    } else {
      return invalid_argument("The continuation token provided is incorrect");
    }
    return {};
  }

  /// Adds the object or the common prefix that the walk stands on, goes past it and returns the
  /// token that continues there.
  Result<std::string> take() {
    auto parts = storage::split_path_key(records_->key());
    STATOR_CHECK(parts && !parts->empty());
    std::string& key = parts->back();
    if (!query_.delimiter.empty()) {
      const auto at = key.find(query_.delimiter, query_.prefix.size());
      if (at != std::string::npos) {
        std::string prefix = key.substr(0, at + query_.delimiter.size());
        skip_prefix(prefix);
        listing_.common_prefixes.push_back(prefix);
        return kAfterPrefix + prefix;
      }
    }
    std::string token = kAfterKey + key;
    STATOR_TRY(auto object, parse_object(std::move(key), records_->value()));
    listing_.objects.push_back(std::move(object));
    records_->next();
    return token;
  }

  std::string_view base_;
  const ListQuery& query_;
  std::unique_ptr<storage::Iterator> records_;
  Listing listing_;
};

}  // namespace

std::string first_with_prefix(std::string_view base, std::string_view prefix) {
  std::string key(base);
  storage::append_part(key, prefix);
  key.resize(key.size() - 2);  // Without the part's end, longer keys match too.
  return key;
}

Result<Listing> list_objects(storage::Store& store, std::string_view base, const ListQuery& query) {
  return Lister(store, base, query).run();
}

}  // namespace stator::s3
