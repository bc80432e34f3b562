#pragma once

#include "transfer/context.hpp"

#include <cairn/transfer/prefix.hpp>

#include <memory>
#include <string>
#include <vector>

/// Whole prefixes at a time. Keys are listed before anything is changed, so that what is stored
/// meanwhile, by these very copies too, is none of theirs.
namespace cairn::transfer {

awaitable<result<std::vector<copy_outcome>>> copy_beneath(std::shared_ptr<context> in, copy each);
awaitable<result<std::vector<copy_outcome>>> move_beneath(std::shared_ptr<context> in, move each);
awaitable<result<std::vector<s3::delete_outcome>>> delete_beneath(s3::client client,
                                                                  std::string bucket,
                                                                  std::string prefix);

}  // namespace cairn::transfer
