#pragma once

namespace stator::dynamodb {

class Tables;

/// Registers what is done for tables without being asked, and takes up what the last run of the
/// server left undone. Called once, when the catalogue has been read.
void keep_house(Tables& tables);

}  // namespace stator::dynamodb
