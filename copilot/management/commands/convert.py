"""`manage.py convert CHECKPOINT TARGET`: a Hugging Face checkpoint to a folder that the settings can name."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copilot.inference.convert import QUANTIZATION, ConversionFailed, convert
from copilot.inference.manifest import kind

USE = {"embedder": "To embed with it: SOUFFLEUR_EMBEDDER", "generator": "To draft with it: SOUFFLEUR_WRITER_MODEL"}


class Command(BaseCommand):
    """Converts once; serving then needs neither torch nor a hub."""

    help = "Convert a checkpoint (T5, Llama, Qwen… to write; BERT to embed) to CTranslate2. Needs the [train] extra."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from, where to, how precise."""
        parser.add_argument("checkpoint", help="a folder, or a hub id where a hub can be reached")
        parser.add_argument("target", type=Path)
        parser.add_argument("--quantization", default=QUANTIZATION, choices=["int8", "int8_float32", "float32"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Convert, and say what to set."""
        try:
            folder = convert(options["checkpoint"], options["target"], quantization=options["quantization"])
        except ConversionFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Converted. {USE[kind(folder)]}={folder.resolve()}")
