#pragma once

/// Checkpoints: state that survives crashes, races and lost replies.
#include <cairn/checkpoint/backing.hpp>
#include <cairn/checkpoint/file_backing.hpp>
#include <cairn/checkpoint/memory_backing.hpp>
#include <cairn/checkpoint/s3_backing.hpp>
#include <cairn/checkpoint/snapshot.hpp>
#include <cairn/checkpoint/store.hpp>
