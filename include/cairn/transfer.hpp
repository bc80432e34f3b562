#pragma once

/// Objects of any size, in bounded memory.
#include <cairn/transfer/batch.hpp>
#include <cairn/transfer/copy.hpp>
#include <cairn/transfer/delete_unchanged.hpp>
#include <cairn/transfer/download.hpp>
#include <cairn/transfer/manager.hpp>
#include <cairn/transfer/opened_object.hpp>
#include <cairn/transfer/options.hpp>
#include <cairn/transfer/pattern.hpp>
#include <cairn/transfer/prefix.hpp>
#include <cairn/transfer/progress.hpp>
#include <cairn/transfer/send_all.hpp>
#include <cairn/transfer/source.hpp>
#include <cairn/transfer/sync.hpp>
#include <cairn/transfer/tree.hpp>
#include <cairn/transfer/upload.hpp>
