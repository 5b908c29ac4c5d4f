#include "storage/rocks_iterator.hpp"

#include <utility>

namespace stator::storage {
namespace {

class RocksIterator final : public Iterator {
 public:
  RocksIterator(rocksdb::DB& database, rocksdb::ColumnFamilyHandle* family, Range range,
                const rocksdb::Snapshot* at)
      : range_(std::move(range)),
        lower_(range_.begin),
        upper_(range_.end),
        is_empty_(!range_.end.empty() && range_.end <= range_.begin) {
    rocksdb::ReadOptions options;
    options.snapshot = at;
    if (!range_.begin.empty()) options.iterate_lower_bound = &lower_;
    if (!range_.end.empty()) options.iterate_upper_bound = &upper_;
    iterator_.reset(database.NewIterator(options, family));
  }

  void seek_first() override {
    if (!is_empty_) iterator_->SeekToFirst();
  }
  void seek_last() override {
    if (!is_empty_) iterator_->SeekToLast();
  }
  void seek(std::string_view key) override {
    if (!is_empty_) iterator_->Seek(slice(key));
  }
  void seek_before(std::string_view key) override {
    if (!is_empty_) iterator_->SeekForPrev(slice(key));
  }
  void next() override { iterator_->Next(); }
  void previous() override { iterator_->Prev(); }

  bool valid() const override { return !is_empty_ && iterator_->Valid(); }
  std::string_view key() const override { return iterator_->key().ToStringView(); }
  std::string_view value() const override { return iterator_->value().ToStringView(); }
  Result<void> status() const override {
    if (is_empty_ || iterator_->status().ok()) return {};
    return rocks_error(iterator_->status());
  }

 private:
  static rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

  // The iterator reads its bounds through pointers, so they must live here, before it.
  Range range_;
  rocksdb::Slice lower_;
  rocksdb::Slice upper_;
  bool is_empty_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace

Error rocks_error(const rocksdb::Status& status) {
  return internal("storage: " + status.ToString());
}

std::unique_ptr<Iterator> make_rocks_iterator(rocksdb::DB& database,
                                              rocksdb::ColumnFamilyHandle* family, Range range,
                                              const rocksdb::Snapshot* at) {
  return std::make_unique<RocksIterator>(database, family, std::move(range), at);
}

}  // namespace stator::storage
